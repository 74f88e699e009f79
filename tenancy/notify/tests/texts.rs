//! Every mail in both languages, compared with `snapshots/mails.txt`, which a translator can read.
//! `UPDATE_SNAPSHOTS=1` writes the file anew.

use std::path::Path;

use tenancy_model::{Language, MailBody, MailRequest};
use tenancy_notify::Sender;

/// One mail of each kind; the compiler asks for the next one here.
fn bodies() -> Vec<MailBody> {
    let company = "海云网络科技有限公司".to_owned();
    let host_name = "haiyun".to_owned();
    let account = "lina".to_owned();
    let token = "0f".repeat(32);
    vec![
        MailBody::SignupCode {
            company: "Acme http://evil.example".to_owned(),
            code: "042617".to_owned(),
            minutes: 15,
        },
        MailBody::SignupDone {
            company: company.clone(),
            host_name: host_name.clone(),
            number: "10000001".to_owned(),
            account: "admin".to_owned(),
        },
        MailBody::Activation {
            company: company.clone(),
            host_name: host_name.clone(),
            account: account.clone(),
            token: token.clone(),
            hours: 72,
        },
        MailBody::PasswordLink {
            company: company.clone(),
            host_name: host_name.clone(),
            account: account.clone(),
            token: token.clone(),
            hours: 2,
        },
        MailBody::UnlockLink {
            company,
            host_name,
            account,
            token,
            hours: 2,
        },
    ]
}

/// covers: TEN-12
/// covers: SEC-10
#[test]
fn mails_say_what_the_snapshot_says() {
    let sender = Sender {
        deployment: "Hansa".to_owned(),
        public_url: "https://im.example.com".to_owned(),
    };
    let mut found = String::new();
    for body in bodies() {
        for language in [Language::ZhCn, Language::En] {
            let mail = MailRequest {
                recipient: "li.na@example.com".to_owned(),
                language,
                body: body.clone(),
            };
            let text = sender.write(&mail);
            assert!(!text.subject.contains('\n'), "{}", text.subject);
            let kind = body.kind();
            found.push_str(&format!("==== {kind} {language:?}\n"));
            found.push_str(&format!("Subject: {}\n\n{}\n", text.subject, text.body));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/mails.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        found, wanted,
        "run with UPDATE_SNAPSHOTS=1 and read the difference"
    );
}
