//! A PostgreSQL database that belongs to one test, with a login as in production: it owns its
//! database, may make roles, and is no superuser.

use std::{env, str::FromStr as _};

use kernel::{Rng, SystemRng};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _,
    postgres::PgConnectOptions,
};

use super::must;

/// URL of the superuser of a private server.
const URL: &str = "HANSA_TEST_PG_URL";
/// `embedded`: the other column is not wanted.
const COLUMNS: &str = "HANSA_TEST_COLUMNS";
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";

/// Whether tests over PostgreSQL are to run.
pub(super) fn is_wanted() -> bool {
    env::var(COLUMNS).as_deref() != Ok("embedded")
}

/// One test's database.
pub(crate) struct Database {
    /// How the product reaches it.
    pub(crate) url: String,
    name: String,
    server: PgConnectOptions,
}

impl Database {
    /// Makes a database and its login.
    pub(crate) async fn create() -> Self {
        let Ok(server) = env::var(URL) else {
            panic!(
                "{URL} must name the superuser of a private PostgreSQL server \
                 ({COLUMNS}=embedded leaves this column out)"
            );
        };
        let server = must("read the URL", PgConnectOptions::from_str(&server));
        let rng: &dyn Rng = &SystemRng;
        let name = format!("hansa_test_{}", rng.text(LETTERS, 12));
        let password = rng.text(LETTERS, 20);
        let mut connection = connect(&server).await;
        for text in [
            format!("CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{password}'"),
            format!("CREATE DATABASE {name} OWNER {name} TEMPLATE template0"),
        ] {
            execute(&mut connection, text).await;
        }
        let _ = connection.close().await;
        let own = server.clone().username(&name).password(&password);
        Self {
            url: own.database(&name).to_url_lossy().to_string(),
            name,
            server,
        }
    }

    /// The URL by which the server's superuser reaches a test's database.
    #[cfg(test)]
    pub(crate) fn superuser_url(url: &str) -> String {
        let own = must("read the URL", PgConnectOptions::from_str(url));
        let server = must("read the environment", env::var(URL));
        let server = must("read the URL", PgConnectOptions::from_str(&server));
        let database = own.get_database().unwrap_or_default();
        server.database(database).to_url_lossy().to_string()
    }

    /// Removes the database, the roles of its tenants and its login.
    pub(crate) async fn remove(self) {
        let name = &self.name;
        let mut connection = connect(&self.server).await;
        let roles = sqlx::query(
            "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid \
             JOIN pg_roles l ON l.oid = m.member WHERE l.rolname = $1",
        );
        let roles = roles.bind(name).fetch_all(&mut connection).await;
        execute(
            &mut connection,
            format!("DROP DATABASE {name} WITH (FORCE)"),
        )
        .await;
        for role in must("list roles", roles) {
            let role: String = role.get(0);
            execute(&mut connection, format!("DROP ROLE {role}")).await;
        }
        execute(&mut connection, format!("DROP ROLE {name}")).await;
        let _ = connection.close().await;
    }
}

async fn connect(options: &PgConnectOptions) -> PgConnection {
    must(
        "reach the private PostgreSQL",
        PgConnection::connect_with(options).await,
    )
}

async fn execute(connection: &mut PgConnection, text: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(text)).execute(connection).await;
    must("prepare a database", done);
}
