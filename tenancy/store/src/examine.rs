//! What `hansa doctor` asks of the databases that a configuration names: each by itself, so that
//! one that is away hides nothing of the others, and without bringing any schema up to date.

use std::{path::Path, str::FromStr as _, time::Duration};

use kernel::Clock;
use sea_orm::ConnectionTrait as _;
use sqlx::{Connection as _, PgConnection, PgPool, postgres::PgConnectOptions};

use crate::{
    DatabaseConfig, Fact, StoreError, Stores,
    backend::{
        postgres::{self, PgTx},
        sqlite::File,
    },
    error::connection_error,
    health,
    statement::sql,
    tx::Tx,
};

/// A database that has not told everything by then is away.
const EXAMINED_WITHIN: Duration = Duration::from_secs(10);
/// Connections of a pool that are asked; all of them are opened in the same way.
const CONNECTIONS: u32 = 2;

/// Everything that `hansa doctor` wants to know of the databases of `config`; `data` is where the
/// embedded column keeps its files. A database that is away is a fact with a refusal.
pub async fn examine(config: &DatabaseConfig, data: &Path, clock: &dyn Clock) -> Vec<Fact> {
    let config = DatabaseConfig {
        connections: CONNECTIONS.min(config.connections.max(1)),
        ..config.clone()
    };
    let control = async {
        match config.url.as_str() {
            "" => file(&data.join("control.sqlite")).await,
            url => server("control", url, &config, clock).await,
        }
    };
    let shards = Stores::configured(&config).into_iter().map(|shard| {
        let config = &config;
        async move {
            let name = format!("shard {}", shard.name);
            server(&name, &shard.url, config, clock).await
        }
    });
    let (mut facts, shards) = tokio::join!(control, futures::future::join_all(shards));
    facts.extend(shards.into_iter().flatten());
    facts
}

async fn server(name: &str, url: &str, config: &DatabaseConfig, clock: &dyn Clock) -> Vec<Fact> {
    let asked = async {
        // A pool would try again until its time is over and not say why.
        let options = PgConnectOptions::from_str(url).map_err(connection_error)?;
        let first = PgConnection::connect_with(&options).await;
        let first = first.map_err(connection_error)?;
        first.close().await.map_err(connection_error)?;
        let pool = postgres::open(url, "pg_catalog", config).await?;
        let facts = health::postgres(name, &pool, config.connections, clock).await;
        let writes = writes(&pool).await;
        pool.close().await;
        let mut facts = facts?;
        facts.push(fact(name, "writable", writes.err(), CANNOT_WRITE));
        Ok(facts)
    };
    match tokio::time::timeout(EXAMINED_WITHIN, asked).await {
        Ok(Ok(facts)) => facts,
        Ok(Err(error)) => vec![fact(name, "reachable", Some(error), AWAY)],
        Err(_) => {
            let late = StoreError::from(std::io::Error::from(std::io::ErrorKind::TimedOut));
            vec![fact(name, "reachable", Some(late), AWAY)]
        }
    }
}

const AWAY: &str = "check that PostgreSQL runs, and the address, login, password and database \
                    name in database.url (HANSA_DATABASE_URL)";
const CANNOT_WRITE: &str = "use a server that is no standby, with free disk space, and a login \
                            that owns the database: ALTER DATABASE … OWNER TO …";
const FILE_AWAY: &str = "check who owns the data folder, and its free space";

/// Makes a schema, as a new tenant would, and takes it back.
async fn writes(pool: &PgPool) -> Result<(), StoreError> {
    let tx: Tx = PgTx::begin(pool, "BEGIN").await?.into();
    tx.execute_raw(sql(&tx, "CREATE SCHEMA hansa_doctor", []))
        .await?;
    Ok(())
}

/// The control file; before the first start there is none, which is as good.
async fn file(path: &Path) -> Vec<Fact> {
    if !path.exists() {
        return vec![Fact {
            value: "a file that the first start makes".to_owned(),
            ..fact("control", "reachable", None, FILE_AWAY)
        }];
    }
    let asked = async {
        let file = File::open(path, false).await?;
        let facts = health::sqlite("control", &file).await;
        file.close().await;
        facts
    };
    asked.await.unwrap_or_else(|error: StoreError| {
        vec![fact("control", "reachable", Some(error), FILE_AWAY)]
    })
}

fn fact(database: &str, name: &'static str, error: Option<StoreError>, advice: &str) -> Fact {
    Fact {
        database: database.to_owned(),
        name,
        value: error
            .as_ref()
            .map_or_else(|| "yes".to_owned(), ToString::to_string),
        refusal: error.map(|_| advice.to_owned()),
    }
}
