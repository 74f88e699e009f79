//! Against a server that speaks SMTP over a socket and writes down what it hears.

use kernel::ManualClock;
use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// Everything the server was told, by line.
type Heard = Arc<Mutex<Vec<String>>>;

/// Starts the far side: it takes any sender and password, refuses `gone@…` for good and `busy@…`
/// for now, and offers no STARTTLS.
async fn server() -> (u16, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Heard::default();
    let lines = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(speak(socket, Arc::clone(&lines)));
        }
    });
    (port, heard)
}

async fn speak(socket: TcpStream, heard: Heard) -> std::io::Result<()> {
    let (read, mut write) = socket.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 far.test ESMTP\r\n").await?;
    let mut in_data = false;
    while let Some(line) = lines.next_line().await? {
        heard.lock().push(line.clone());
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            _ if in_data && line != "." => continue,
            "." => "250 taken",
            "EHLO" => "250-far.test\r\n250-AUTH PLAIN\r\n250 8BITMIME",
            "AUTH" if line.contains("AHVzZXIAd3Jvbmc=") => "535 who are you",
            "AUTH" => "235 welcome",
            "RCPT" if line.contains("gone@") => "550 nobody here",
            "RCPT" if line.contains("busy@") => "450 later",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        in_data = answer.starts_with("354");
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

fn mailer(config: &MailConfig) -> Arc<dyn Mailer> {
    let clock = Arc::new(ManualClock::default());
    match MailTransport::from_config(config, clock).unwrap() {
        MailTransport::Smtp(mailer) => mailer,
        MailTransport::Local => panic!("a mailer was expected"),
    }
}

fn mail_to(to: &str) -> Mail {
    Mail {
        id: "mail_01".to_owned(),
        to: to.to_owned(),
        to_name: Some("李安娜".to_owned()),
        subject: "欢迎 Welcome".to_owned(),
        text: "Hello\n.\nQUIT\n".to_owned(),
    }
}

#[tokio::test]
async fn a_mail_arrives_with_its_headers_and_its_text() {
    let (port, heard) = server().await;
    let config = MailConfig {
        smtp_user: Some("user".to_owned()),
        smtp_password: "secret".into(),
        from: "Hansa <no-reply@hansa.test>".to_owned(),
        ..MailConfig::for_testing(port)
    };
    mailer(&config)
        .send(&mail_to("anna@far.test"))
        .await
        .unwrap();
    let heard = heard.lock().join("\n");
    assert!(heard.contains("MAIL FROM:<no-reply@hansa.test>"), "{heard}");
    assert!(heard.contains("RCPT TO:<anna@far.test>"), "{heard}");
    assert!(
        heard.contains("Message-ID: <mail_01@hansa.test>"),
        "{heard}"
    );
    assert!(heard.contains("Auto-Submitted: auto-generated"), "{heard}");
    assert!(
        heard.contains("Date: Thu, 01 Jan 2026 00:00:00 +0000"),
        "{heard}"
    );
    assert!(
        heard.contains("=?utf-8?b?"),
        "the subject is encoded: {heard}"
    );
    assert!(heard.contains("AUTH PLAIN AHVzZXIAc2VjcmV0"), "{heard}");
    assert!(
        heard.contains("\nHello\n..\nQUIT\n"),
        "the text stays a text: {heard}"
    );
}

#[tokio::test]
async fn refusals_say_whether_to_try_again() {
    let (port, _) = server().await;
    let mailer = mailer(&MailConfig::for_testing(port));
    let gone = mailer.send(&mail_to("gone@far.test")).await.unwrap_err();
    assert!(
        gone.is_permanent() && gone.to_string().contains("nobody here"),
        "{gone}"
    );
    let busy = mailer.send(&mail_to("busy@far.test")).await.unwrap_err();
    assert!(
        !busy.is_permanent() && busy.to_string().contains("later"),
        "{busy}"
    );
}

#[tokio::test]
async fn what_is_wrong_with_us_is_no_reason_to_give_a_mail_up() {
    let (port, _) = server().await;
    let config = MailConfig {
        smtp_user: Some("user".to_owned()),
        smtp_password: "wrong".into(),
        ..MailConfig::for_testing(port)
    };
    let refused = mailer(&config)
        .send(&mail_to("anna@far.test"))
        .await
        .unwrap_err();
    assert!(!refused.is_permanent(), "{refused}");
    let nobody = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let refused = mailer(&MailConfig::for_testing(nobody))
        .send(&mail_to("a@far.test"))
        .await;
    assert!(!refused.unwrap_err().is_permanent());
}

#[tokio::test]
async fn without_starttls_the_password_is_not_sent() {
    let (port, heard) = server().await;
    let config = MailConfig {
        smtp_security: SmtpSecurity::Starttls,
        smtp_user: Some("user".to_owned()),
        smtp_password: "secret".into(),
        ..MailConfig::for_testing(port)
    };
    assert!(
        mailer(&config)
            .send(&mail_to("anna@far.test"))
            .await
            .is_err()
    );
    let heard = heard.lock().join("\n");
    assert!(
        !heard.contains("AUTH") && !heard.contains("MAIL"),
        "{heard}"
    );
}

#[tokio::test]
async fn nothing_can_be_smuggled_into_a_header() {
    let (port, heard) = server().await;
    let mailer = mailer(&MailConfig::for_testing(port));
    let good = mail_to("anna@far.test");
    let bad = [
        Mail {
            subject: "Hi\r\nBcc: all@far.test".to_owned(),
            ..good.clone()
        },
        Mail {
            to_name: Some("A\nBcc: all@far.test".to_owned()),
            ..good.clone()
        },
        Mail {
            to: "anna@far.test>\r\nRCPT TO:<all@far.test".to_owned(),
            ..good.clone()
        },
        Mail {
            to: "anna@far.test, all@far.test".to_owned(),
            ..good.clone()
        },
        Mail {
            id: "x>\r\nBcc: all@far.test".to_owned(),
            ..good.clone()
        },
        Mail {
            subject: "s".repeat(SUBJECT_BYTES_MAX + 1),
            ..good.clone()
        },
        Mail {
            text: "t".repeat(TEXT_BYTES_MAX + 1),
            ..good
        },
    ];
    for mail in bad {
        let refused = mailer.send(&mail).await.unwrap_err();
        assert!(matches!(refused, MailError::Invalid(_)), "{refused}");
    }
    assert!(heard.lock().is_empty());
}

#[test]
fn without_a_server_the_caller_sees_it() {
    let clock = Arc::new(ManualClock::default());
    let local = MailTransport::from_config(&MailConfig::default(), clock.clone()).unwrap();
    assert!(matches!(local, MailTransport::Local));
    let config = MailConfig {
        from: "nobody".to_owned(),
        ..MailConfig::for_testing(25)
    };
    let refused = MailTransport::from_config(&config, clock).err().unwrap();
    assert!(refused.to_string().contains("mail.from"), "{refused}");
}
