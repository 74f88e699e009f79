//! Against a real server on this machine: every feature that takes an address goes through this
//! client, and repeats the first two of these tests.

use std::collections::VecDeque;
use std::net::IpAddr;

use async_trait::async_trait;
use futures::FutureExt as _;
use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// Answers every name with the next of its answers, the last one for ever.
#[derive(Default)]
struct Names {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    fn answering(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |ips: &&[&str]| ips.iter().map(|ip| ip.parse().unwrap()).collect();
        let answers = Mutex::new(answers.iter().map(parse).collect());
        Arc::new(Self {
            answers,
            asked: Mutex::default(),
        })
    }
}

#[async_trait]
impl Resolver for Names {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, String> {
        self.asked.lock().push(host.to_owned());
        let mut answers = self.answers.lock();
        if answers.len() > 1 {
            return Ok(answers.pop_front().unwrap());
        }
        answers
            .front()
            .cloned()
            .ok_or_else(|| "no name server".to_owned())
    }
}

/// A server on `ip` and a port of its own; closes each connection after its answer.
struct Server {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

async fn server(ip: &str) -> Server {
    let listener = TcpListener::bind((ip, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(answer(socket, Arc::clone(&lines)));
        }
    });
    Server { port, heard }
}

/// `/to?URL` redirects there, `/big` and `/endless` are too large, `/slow` never ends.
async fn answer(socket: TcpStream, heard: Arc<Mutex<Vec<String>>>) -> std::io::Result<()> {
    let (read, mut write) = socket.into_split();
    let mut lines = BufReader::new(read).lines();
    let request = lines.next_line().await?.unwrap_or_default();
    heard.lock().push(request.clone());
    while lines
        .next_line()
        .await?
        .is_some_and(|line| !line.is_empty())
    {}
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let close = "connection: close\r\n";
    let head = if let Some((_, target)) = path.split_once("/to?") {
        format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\n{close}content-length: 0\r\n\r\n")
    } else if path == "/big" {
        format!("HTTP/1.1 200 OK\r\n{close}content-length: 999999999\r\n\r\n")
    } else if path == "/endless" || path == "/slow" {
        format!("HTTP/1.1 200 OK\r\n{close}\r\n")
    } else {
        format!("HTTP/1.1 200 OK\r\n{close}content-length: 5\r\n\r\nhello")
    };
    write.write_all(head.as_bytes()).await?;
    match path.as_str() {
        "/endless" => loop {
            write.write_all(&[b'x'; 8192]).await?;
        },
        "/slow" => std::future::pending().await,
        _ => Ok(()),
    }
}

fn client(allow: &[&str], names: &Arc<Names>) -> OutboundClient {
    let resolver: Arc<dyn Resolver> = Arc::clone(names) as _;
    OutboundClient::new(&OutboundConfig::for_testing(allow), resolver).unwrap()
}

async fn get(client: &OutboundClient, url: &str) -> Result<OutboundResponse, OutboundError> {
    client.request(OutboundRequest::new(Method::GET, url)).await
}

#[tokio::test]
async fn no_way_of_writing_a_private_address_is_called() {
    let server = server("127.0.0.1").await;
    let names = Names::answering(&[]);
    let client = client(&[], &names);
    let port = server.port;
    let hosts = [
        "127.0.0.1",
        "[::1]",
        "169.254.169.254",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0x7f.1",
        "017700000001",
        "127.0.0.1.",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "0",
        "0.0.0.0",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "[fd00:ec2::254]",
        "100.100.100.200",
        "10.0.0.1",
        "[::]",
    ];
    for host in hosts {
        let refused = get(&client, &format!("http://{host}:{port}/"))
            .await
            .unwrap_err();
        assert_eq!(refused, OutboundError::Refused, "{host}");
    }
    assert!(server.heard.lock().is_empty() && names.asked.lock().is_empty());
}

#[tokio::test]
async fn a_name_of_a_private_address_is_not_called() {
    let server = server("127.0.0.1").await;
    for ip in ["127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1"] {
        let client = client(&[], &Names::answering(&[&[ip]]));
        let url = format!("http://partner.test:{}/", server.port);
        assert_eq!(
            get(&client, &url).await.unwrap_err(),
            OutboundError::Refused,
            "{ip}"
        );
        let addresses = client.addresses("partner.test", 443).await;
        assert_eq!(addresses.unwrap_err(), OutboundError::Refused, "{ip}");
    }
    assert!(server.heard.lock().is_empty());
}

#[tokio::test]
async fn what_the_operator_allows_is_called() {
    let server = server("127.0.0.1").await;
    let names = Names::answering(&[&["10.9.9.9", "127.0.0.1"]]);
    let client = client(&["127.0.0.1/32"], &names);
    let answer = get(&client, &format!("http://partner.test:{}/x", server.port))
        .await
        .unwrap();
    assert_eq!(
        (answer.status.as_u16(), &answer.body[..]),
        (200, &b"hello"[..])
    );
    assert_eq!(*server.heard.lock(), ["GET /x HTTP/1.1"]);
    let found = client.addresses("partner.test", 443).await.unwrap();
    assert_eq!(
        found,
        ["127.0.0.1:443".parse::<SocketAddr>().unwrap()],
        "the other is left out"
    );
    assert!(client.addresses("[::1]", 443).await.is_err());
}

#[tokio::test]
async fn a_name_that_changes_its_answer_reaches_nothing_new() {
    let good = server("127.0.0.1").await;
    let private = TcpListener::bind(("127.0.0.2", good.port)).await.unwrap();
    let names = Names::answering(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let client = client(&["127.0.0.1/32"], &names);
    let url = format!("http://rebinding.test:{}/", good.port);
    get(&client, &url).await.unwrap();
    assert_eq!(
        names.asked.lock().len(),
        1,
        "the checked answer is the one that is connected to"
    );
    assert_eq!(
        get(&client, &url).await.unwrap_err(),
        OutboundError::Refused
    );
    assert_eq!(good.heard.lock().len(), 1);
    assert!(private.accept().now_or_never().is_none(), "nobody knocked");
}

#[tokio::test]
async fn redirects_stay_on_their_host_and_are_checked_again() {
    let server = server("127.0.0.1").await;
    let names = Names::answering(&[&["127.0.0.1"]]);
    let client = client(&["127.0.0.1/32"], &names);
    let base = format!("http://partner.test:{}", server.port);
    assert_eq!(
        &get(&client, &format!("{base}/to?/x")).await.unwrap().body[..],
        b"hello"
    );
    let elsewhere = [
        "http://169.254.169.254/latest",
        "http://other.test/",
        "https://partner.test/",
        "http://partner.test:1/",
        "file:///etc/passwd",
        "//127.0.0.1/",
    ];
    for target in elsewhere {
        let refused = get(&client, &format!("{base}/to?{target}"))
            .await
            .unwrap_err();
        assert_eq!(refused, OutboundError::Redirect, "{target}");
    }
    let (three, four) = ("/to?".repeat(3), "/to?".repeat(4));
    assert!(get(&client, &format!("{base}{three}/x")).await.is_ok());
    let refused = get(&client, &format!("{base}{four}/x")).await.unwrap_err();
    assert_eq!(refused, OutboundError::Redirect);
}

#[tokio::test]
async fn a_name_is_checked_again_after_a_redirect() {
    let server = server("127.0.0.1").await;
    let names = Names::answering(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let client = client(&["127.0.0.1/32"], &names);
    let url = format!("http://rebinding.test:{}/to?/x", server.port);
    assert_eq!(
        get(&client, &url).await.unwrap_err(),
        OutboundError::Refused
    );
}

#[tokio::test]
async fn answers_are_bounded_in_size_and_time() {
    let server = server("127.0.0.1").await;
    let names = Names::answering(&[]);
    let client = client(&["127.0.0.1/32"], &names);
    let base = format!("http://127.0.0.1:{}", server.port);
    for path in ["/big", "/endless"] {
        let refused = get(&client, &format!("{base}{path}")).await.unwrap_err();
        assert_eq!(refused, OutboundError::TooLarge, "{path}");
    }
    let config = OutboundConfig {
        timeout_ms: 50,
        ..OutboundConfig::for_testing(&["127.0.0.1"])
    };
    let hasty = OutboundClient::new(&config, names).unwrap();
    assert_eq!(
        get(&hasty, &format!("{base}/slow")).await.unwrap_err(),
        OutboundError::Timeout
    );
}

#[tokio::test]
async fn only_plain_web_addresses_are_called() {
    let client = client(&["127.0.0.1/32"], &Names::answering(&[]));
    let long = format!("http://127.0.0.1/{}", "x".repeat(URL_BYTES_MAX));
    for url in [
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "http://a:b@127.0.0.1/",
        "x",
        &long,
    ] {
        let refused = get(&client, url).await.unwrap_err();
        assert!(
            matches!(refused, OutboundError::Address(_)),
            "{url}: {refused}"
        );
    }
    let nobody = get(&client, "http://nobody.test/").await.unwrap_err();
    assert_eq!(nobody, OutboundError::Unresolved);
}
