//! A tenant is there wholly or not at all, whenever the server is killed while it is being made.

use std::time::{Duration, Instant};

use hansa_tests::{Column, Deployment, FOUNDER_PASSWORD, PATIENCE, Signup};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};

/// Kills, spread over the time that an undisturbed confirmation takes.
const KILLS: u32 = 6;
/// Between two tries of a confirmation that was not answered with a result.
const PAUSE: Duration = Duration::from_millis(50);

both_columns! {
    /// covers: TEN-01
    a_server_killed_while_it_makes_a_tenant_leaves_all_or_nothing
}

async fn a_server_killed_while_it_makes_a_tenant_leaves_all_or_nothing(column: Column) {
    let mut deployment = Deployment::start(column).await;
    let undisturbed = deployment.site.signup("undisturbed").await;
    let begun = Instant::now();
    assert!(!was_confirmed(&deployment, &undisturbed).await);
    let whole_time = begun.elapsed();
    // Where other processes could be making tenants, half ones are left alone for some minutes;
    // here there are none from now on.
    deployment.set("HANSA_REGISTRY_PROVISIONING_S_MAX", "0");
    for kill in 0..KILLS {
        let name = format!("company-{kill}");
        let signup = deployment.site.signup(&name).await;
        let (browser, again) = (deployment.site.browser.clone(), signup.clone());
        let confirming = tokio::spawn(async move { again.confirm(&browser).await.is_ok() });
        tokio::time::sleep(whole_time * kill / KILLS).await;
        deployment.kill9();
        let answered = confirming.await.expect("a confirmation");
        deployment.restart();

        let left = traces(&deployment).await;
        let others = kill as usize + 1;
        let whole = was_confirmed(&deployment, &signup).await;
        assert!(whole || !answered, "{name} was promised and is gone");
        let expected = others + usize::from(whole);
        assert_eq!(left.len(), expected, "after {name}: {left:?}");
        let founder = deployment
            .site
            .sign_in(&name, "admin", FOUNDER_PASSWORD, "CONSOLE");
        assert!(founder.await.is_ok(), "{name}");
        assert_eq!(traces(&deployment).await.len(), others + 1);
    }
}

/// Confirms a sign-up after a restart; whether it had been confirmed before.
async fn was_confirmed(deployment: &Deployment, signup: &Signup) -> bool {
    let until_told = async {
        loop {
            let answer = signup.confirm(&deployment.site.browser).await;
            let body = answer.map(|answer| answer.body).unwrap_or_default();
            let payload = &body["data"]["signupConfirm"];
            match payload["problem"]["code"].as_str() {
                Some("CODE_USED") => return true,
                Some(code) => panic!("{code}"),
                None if payload["tenant"] != Value::Null => return false,
                None => tokio::time::sleep(PAUSE).await,
            }
        }
    };
    let told = tokio::time::timeout(PATIENCE, until_told).await;
    told.expect("an answer to the confirmation")
}

/// The tenants of which there is anything on a disk: schema, role or file.
async fn traces(deployment: &Deployment) -> Vec<String> {
    let mut names = match &deployment.database {
        None => files(deployment),
        Some(database) => {
            let text = "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 't\\_%' \
                UNION SELECT rolname::text FROM pg_roles WHERE rolname LIKE 't\\_%' \
                AND pg_has_role($1, oid, 'MEMBER')";
            let mut connection = PgConnection::connect(&database.superuser_url)
                .await
                .expect("PostgreSQL");
            let names = sqlx::query_scalar(text).bind(&database.name);
            names.fetch_all(&mut connection).await.expect("names")
        }
    };
    names.sort_unstable();
    names.dedup();
    names
}

/// What stands before the first dot: a database, its log and whatever is unfinished count as one.
fn files(deployment: &Deployment) -> Vec<String> {
    let folder = std::fs::read_dir(deployment.data().join("tenants")).expect("a folder");
    let names = folder.map(|entry| entry.expect("a file").file_name());
    let stem = |name: std::ffi::OsString| {
        let name = name.to_string_lossy().into_owned();
        assert!(!name.contains("unfinished"), "{name}");
        name.split('.').next().unwrap_or_default().to_owned()
    };
    names.map(stem).collect()
}
