//! What is wrong in the configuration itself, or in a mail server.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use api_server::doctor::Level;
use hansa_tests::Column;
use platform::mail::SmtpSecurity;

use super::{examined, found, remedy, well};

#[tokio::test(flavor = "multi_thread")]
async fn a_public_url_that_browsers_cannot_use_is_named() {
    let mut well = well(Column::Embedded).await;
    well.config.listen = ([0, 0, 0, 0], 8080).into();
    for (url, code) in [
        ("", "public-url.set"),
        ("chat.example.com", "public-url.set"),
        ("https://chat.example.com/hansa", "public-url.set"),
        ("http://chat.example.com", "public-url.https"),
        ("https://nobody.invalid", "public-url.resolves"),
        ("https://nobody.invalid", "proxies.trusted"),
    ] {
        well.config.http.public_url = url.to_owned();
        let checks = examined(&well.config).await;
        let check = found(&checks, code);
        assert_eq!(check.level, Level::Fail, "{url}: {check}");
        assert!(!remedy(check).is_empty());
    }
    let checks = examined(&well.config).await;
    assert_eq!(found(&checks, "mail.smtp").level, Level::Fail, "no mailbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_https_page_is_not_sent_to_an_http_bucket() {
    let mut well = well(Column::Scaled).await;
    well.config.http.public_url = "https://chat.example.com".to_owned();
    let checks = examined(&well.config).await;
    let check = found(&checks, "s3.public-endpoint");
    assert_eq!(check.level, Level::Fail, "{check}");
    assert!(remedy(check).contains("HANSA_S3_PUBLIC_ENDPOINT"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_browsers_reach_is_a_warning_and_the_rule_is_still_checked() {
    let mut well = well(Column::Scaled).await;
    well.config.s3.public_endpoint = Some("http://127.0.0.1:1".to_owned());
    let checks = examined(&well.config).await;
    let check = found(&checks, "s3.public-endpoint");
    assert_eq!(check.level, Level::Warn, "{check}");
    assert_eq!(found(&checks, "s3.cors").level, Level::Ok);
    well.config.http.public_url = "http://127.0.0.2:8080".to_owned();
    let checks = examined(&well.config).await;
    assert_eq!(found(&checks, "s3.cors").level, Level::Fail);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_of_another_login_is_left_alone() {
    let mut well = well(Column::Embedded).await;
    let data = well.config.data.clone();
    // Only root can give a folder away; for anybody else there are folders of root's.
    if std::os::unix::fs::chown(&data, Some(65_534), None).is_err() {
        well.config.data = "/usr".into();
    }
    let checks = examined(&well.config).await;
    let check = found(&checks, "machine.data");
    assert_eq!(check.level, Level::Warn, "{check}");
    assert!(remedy(check).contains("sudo -u '#"), "{check}");
    let mut left = std::fs::read_dir(&data).expect("the folder");
    assert!(left.next().is_none(), "nothing was made in it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_away_or_does_not_protect_is_named() {
    let mut well = well(Column::Embedded).await;
    let mail = &mut well.config.mail;
    mail.smtp_host = Some("127.0.0.1".to_owned());
    mail.smtp_port = Some(1);
    mail.from = "Hansa <no-reply@example.com>".to_owned();
    let checks = examined(&well.config).await;
    let away = found(&checks, "mail.smtp");
    assert_eq!(away.level, Level::Fail, "{away}");
    assert_eq!(found(&checks, "mail.from").level, Level::Ok);
    well.config.mail.smtp_port = Some(plain_smtp_server());
    let checks = examined(&well.config).await;
    let plain = found(&checks, "mail.smtp");
    assert_eq!(plain.level, Level::Fail, "{plain}");
    assert!(remedy(plain).contains("STARTTLS"), "{plain}");
    well.config.mail.smtp_security = SmtpSecurity::None;
    well.config.mail.from = "Hansa <no-reply@localhost>".to_owned();
    let checks = examined(&well.config).await;
    assert_eq!(found(&checks, "mail.smtp").level, Level::Ok, "{checks:#?}");
    assert_eq!(found(&checks, "mail.from").level, Level::Fail);
}

/// A server that greets and offers no STARTTLS.
fn plain_smtp_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // A client that hangs up has heard enough.
            let _ = stream.and_then(converse);
        }
    });
    port
}

fn converse(mut stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(b"220 mail.test ESMTP\r\n")?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(line) = lines.next().transpose()? {
        stream.write_all(match line.as_str() {
            "QUIT" => b"221 bye\r\n",
            "STARTTLS" => b"502 no\r\n",
            _ => b"250 mail.test\r\n",
        })?;
    }
    Ok(())
}
