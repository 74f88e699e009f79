//! Against a real clamd whose only signature is EICAR's, at the address that `HANSA_TEST_CLAMD`
//! names; `HANSA_TEST_COLUMNS=embedded`, where no service runs, leaves these tests out.

use tokio::net::TcpListener;

use super::*;

/// The virus that is none, in halves: an antivirus on a developer's machine reads this file too.
const EICAR: [&str; 2] = [
    r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-",
    "ANTIVIRUS-TEST-FILE!$H+H*",
];

/// The clamd of this run.
pub(in crate::media) fn clamd() -> Option<Antivirus> {
    match std::env::var("HANSA_TEST_CLAMD") {
        Ok(address) => {
            let address = address.parse().expect("an address");
            Some(Antivirus::new(address, AntivirusTimes::default()))
        }
        Err(_) if std::env::var("HANSA_TEST_COLUMNS").as_deref() == Ok("embedded") => None,
        Err(_) => panic!(
            "HANSA_TEST_CLAMD must tell of a clamd: run this in `services run` \
             (HANSA_TEST_COLUMNS=embedded leaves it out)"
        ),
    }
}

pub(in crate::media) fn eicar() -> String {
    EICAR.concat()
}

async fn scan(clamd: &Antivirus, parts: &[&[u8]]) -> Result<Scan, AntivirusError> {
    let mut session = clamd.begin().await?;
    for part in parts {
        session.write(part).await?;
    }
    session.finish().await
}

#[tokio::test]
async fn a_virus_is_found_by_name_and_other_files_are_clean() {
    let Some(clamd) = clamd() else { return };
    assert!(
        clamd
            .version()
            .await
            .expect("a version")
            .starts_with("ClamAV ")
    );
    assert_eq!(
        scan(&clamd, &[b"minutes of the meeting"])
            .await
            .expect("a verdict"),
        Scan::Clean
    );
    assert_eq!(scan(&clamd, &[]).await.expect("a verdict"), Scan::Clean);
    let eicar = eicar();
    let (first, second) = eicar.as_bytes().split_at(20);
    let Scan::Infected { name } = scan(&clamd, &[first, second]).await.expect("a verdict") else {
        panic!("the virus passed");
    };
    assert!(name.contains("Eicar"), "{name}");
}

#[tokio::test]
async fn a_file_longer_than_clamd_takes_is_said_to_be_unscanned() {
    let Some(clamd) = clamd() else { return };
    let chunk = vec![b'x'; 1 << 20];
    let parts = vec![chunk.as_slice(); 40];
    assert_eq!(
        scan(&clamd, &parts).await.expect("a verdict"),
        Scan::BeyondLimit
    );
}

#[tokio::test]
async fn a_clamd_that_is_away_or_silent_gives_no_verdict() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let short = Duration::from_millis(100);
    let times = AntivirusTimes {
        step: short,
        verdict: short,
    };
    let silent = Antivirus::new(ClamdAddress::Tcp(address), times);
    let error = scan(&silent, &[b"bytes"]).await.expect_err("no verdict");
    assert!(matches!(error, AntivirusError::Slow { .. }), "{error}");
    drop(listener);
    let error = scan(&silent, &[b"bytes"]).await.expect_err("no verdict");
    assert!(matches!(error, AntivirusError::Away(_)), "{error}");
    let nowhere = Antivirus::new(ClamdAddress::Unix("/nonexistent/clamd".into()), times);
    let error = scan(&nowhere, &[]).await.expect_err("no verdict");
    assert!(matches!(error, AntivirusError::Away(_)), "{error}");
}

#[tokio::test]
async fn a_clamd_that_hangs_up_in_the_middle_gives_no_verdict() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let clamd = Antivirus::new(ClamdAddress::Tcp(address), AntivirusTimes::default());
    let hang_up = async { drop(listener.accept().await.expect("a connection")) };
    let (scanned, ()) = tokio::join!(scan(&clamd, &[&[0; 1 << 20]]), hang_up);
    let error = scanned.expect_err("no verdict");
    assert!(matches!(error, AntivirusError::Away(_)), "{error}");
}

#[test]
fn an_address_is_host_and_port_or_a_path() {
    let parse = |text: &str| text.parse::<ClamdAddress>();
    assert_eq!(
        parse("clamd:3310"),
        Ok(ClamdAddress::Tcp("clamd:3310".into()))
    );
    assert_eq!(
        parse("[::1]:3310"),
        Ok(ClamdAddress::Tcp("[::1]:3310".into()))
    );
    assert_eq!(
        parse(" /run/clamd.ctl"),
        Ok(ClamdAddress::Unix("/run/clamd.ctl".into()))
    );
    assert_eq!(parse("unix:/run/clamd.ctl"), parse("/run/clamd.ctl"));
    for text in ["", "clamd", ":3310", "clamd:port", "run/clamd.ctl"] {
        assert!(parse(text).is_err(), "{text}");
    }
}
