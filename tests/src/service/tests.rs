//! The services do what the durability tests lean on: they survive a crash with what was committed,
//! come back on their port, keep tests apart, and end with their owner.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use sqlx::{Connection as _, PgConnection, Row as _};

use super::clamd::{Clamd, eicar};
use super::postgres::{Postgres, fresh_database};
use super::process::{Launch, Service, free_port};
use super::redis::{self, Redis};
use super::s3;

async fn text(url: &str, query: &'static str) -> Result<String, sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query(query)
        .fetch_one(&mut connection)
        .await?
        .try_get(0)
}

#[tokio::test]
async fn a_fresh_database_is_owned_by_a_login_that_is_no_superuser() {
    let one = fresh_database().await.expect("a database");
    let other = fresh_database().await.expect("another");
    assert_ne!(one.name, other.name);
    let query = "SELECT current_user || ' ' || (SELECT rolsuper OR rolbypassrls FROM pg_roles \
                 WHERE rolname = current_user) || ' ' || current_setting('fsync')";
    let expected = format!("{} false on", one.name);
    assert_eq!(text(&one.url, query).await.expect("an answer"), expected);
    let elsewhere = one
        .url
        .replace(&format!("/{}", one.name), &format!("/{}", other.name));
    assert!(text(&elsewhere, "CREATE TABLE t ()").await.is_err());
    let behind = text(&one.superuser_url, "SELECT current_setting('is_superuser')").await;
    assert_eq!(behind.expect("an answer"), "on");
}

#[tokio::test]
async fn a_killed_postgres_comes_back_with_what_was_committed() {
    let mut server = Postgres::start().expect("PostgreSQL");
    let database = server.fresh_database().await.expect("a database");
    let mut connection = PgConnection::connect(&database.url)
        .await
        .expect("a connection");
    let committed = "CREATE TABLE t AS SELECT 'kept' AS word";
    sqlx::raw_sql(committed)
        .execute(&mut connection)
        .await
        .expect("a commit");
    server.kill9();
    assert!(connection.ping().await.is_err(), "every backend is gone");
    server.restart().expect("PostgreSQL again");
    assert_eq!(
        text(&database.url, "SELECT word FROM t")
            .await
            .expect("the row"),
        "kept"
    );
}

#[test]
fn a_redis_comes_back_on_its_port_and_parts_of_it_are_apart() {
    let mut server = Redis::start().expect("Redis");
    let address = server.url().replace("redis://", "").replace("/0", "");
    for end in [Redis::stop, Redis::kill9] {
        TcpStream::connect(&address).expect("it accepts connections");
        end(&mut server);
        assert!(TcpStream::connect(&address).is_err(), "nobody listens");
        server.restart().expect("Redis again");
    }
    let parts = [redis::fresh(), redis::fresh()].map(|part| part.expect("a part").key_prefix);
    assert_ne!(parts[0], parts[1]);
}

#[test]
fn a_clamd_finds_its_virus_and_comes_back_on_its_port() {
    let mut server = Clamd::start().expect("clamd");
    let scan = |server: &Clamd, content: &str| {
        let mut stream = TcpStream::connect(server.address()).expect("it accepts connections");
        let length = u32::try_from(content.len())
            .expect("a length")
            .to_be_bytes();
        let ask = [b"zINSTREAM\0", &length[..], content.as_bytes(), &[0; 4]].concat();
        stream.write_all(&ask).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    };
    assert!(scan(&server, &eicar()).contains("Eicar"));
    server.stop();
    assert!(
        TcpStream::connect(server.address()).is_err(),
        "nobody listens"
    );
    server.restart().expect("clamd again");
    assert_eq!(scan(&server, "a letter"), "stream: OK\0");
}

#[tokio::test]
async fn a_fresh_bucket_exists_and_refuses_who_does_not_sign() {
    let access = s3::fresh_bucket().await.expect("a bucket");
    let other = s3::fresh_bucket().await.expect("another");
    assert_ne!(access.bucket, other.bucket);
    let address = access.endpoint.strip_prefix("http://").expect("plain HTTP");
    let mut stream = TcpStream::connect(address).expect("it accepts connections");
    write!(
        stream,
        "GET /{}/ HTTP/1.0\r\nHost: {address}\r\n\r\n",
        access.bucket
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(
        answer.contains(" 403 ") && answer.contains("<Code>AccessDenied"),
        "{answer}"
    );
}

#[test]
fn a_service_that_does_not_start_is_an_error_that_says_what_it_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let launch = launch(folder.path(), &["sh", "-c", "echo no room >&2; exit 1"]);
    let error = Service::start(launch).err().expect("an error");
    assert!(error.to_string().contains("no room"), "{error}");
}

#[test]
fn a_service_and_its_folder_end_with_an_owner_that_gives_no_order() {
    let folder = tempfile::tempdir().expect("a folder").keep();
    let port = free_port().expect("a port");
    let script = format!("echo ready; exec redis-server --port {port} --save ''");
    let service = Service::start(launch(&folder, &["sh", "-c", &script])).expect("a service");
    drop(service);
    assert!(!folder.exists());
    assert!(
        TcpListener::bind(("127.0.0.1", port)).is_ok(),
        "nobody listens any more"
    );
}

fn launch<'a>(folder: &'a Path, command: &[&str]) -> Launch<'a> {
    Launch {
        folder,
        signal: "TERM",
        command: command.iter().map(Into::into).collect(),
        variables: Vec::new(),
        ready: "ready",
    }
}
