//! What mails say, in both languages. Plain text; the only links are our own, made of the public
//! URL.
//!
//! Names in a mail were typed by somebody: they are bounded, kept on one line, and written so that
//! no mail program makes a link of them, because the reader may be a stranger to whoever typed
//! them.

use tenancy_model::{Language, MailBody, MailRequest};

/// Characters of a name in a mail; a longer one is cut.
pub const NAME_CHARS_MAX: usize = 40;
/// Path of the page where a one-time link leads.
const SET_PASSWORD_PATH: &str = "/set-password";

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailText {
    /// One line.
    pub subject: String,
    /// Plain text; lines end with `\n`.
    pub body: String,
}

/// Where the deployment is, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// What it is called.
    pub deployment: String,
    /// `https://host`, without a slash at the end.
    pub public_url: String,
}

/// The mails that carry a one-time link differ in these words.
struct LinkWords {
    subject: String,
    what: &'static str,
    how: &'static str,
    validity: String,
}

impl Sender {
    /// Writes a mail.
    #[must_use]
    pub fn write(&self, mail: &MailRequest) -> MailText {
        let ours = plain_name(&self.deployment);
        let (subject, mut lines) = match mail.language {
            Language::ZhCn => self.chinese(&mail.body, &ours),
            Language::En => self.english(&mail.body, &ours),
        };
        lines.push(String::new());
        lines.push(match mail.language {
            Language::ZhCn => format!("本邮件由 {ours} 自动发送，请勿回复。"),
            Language::En => format!("{ours} sent this mail by itself; nobody reads answers to it."),
        });
        MailText {
            subject,
            body: lines.join("\n") + "\n",
        }
    }

    fn chinese(&self, body: &MailBody, ours: &str) -> (String, Vec<String>) {
        match body {
            MailBody::SignupCode {
                company,
                code,
                minutes,
            } => (
                format!("{code} 是您的 {ours} 注册验证码"),
                vec![
                    format!("您正在为「{}」注册 {ours}。", plain_name(company)),
                    format!("验证码：{code}"),
                    format!("{minutes} 分钟内有效，仅可使用一次。请勿告知他人。"),
                    "如果不是您本人操作，请忽略本邮件，不会有任何账号被创建。".to_owned(),
                ],
            ),
            MailBody::SignupDone {
                company,
                host_name,
                number,
                account,
            } => (
                format!("您的企业已在 {ours} 开通"),
                vec![
                    format!("「{}」已开通。登录时请使用：", plain_name(company)),
                    format!("组织机构域：{host_name}"),
                    format!("企业号：{number}"),
                    format!("登录帐号：{account}"),
                    "密码为您注册时设置的密码。".to_owned(),
                    format!("登录地址：{}", self.public_url),
                ],
            ),
            MailBody::Activation { .. }
            | MailBody::PasswordLink { .. }
            | MailBody::UnlockLink { .. } => self.link_mail(body, Language::ZhCn, ours),
        }
    }

    fn english(&self, body: &MailBody, ours: &str) -> (String, Vec<String>) {
        match body {
            MailBody::SignupCode {
                company,
                code,
                minutes,
            } => (
                format!("{code} is your {ours} sign-up code"),
                vec![
                    format!(
                        "You are signing up \"{}\" with {ours}.",
                        plain_name(company)
                    ),
                    format!("Code: {code}"),
                    format!("It is good for {minutes} minutes and can be used once. Tell nobody."),
                    "If this was not you, ignore this mail: no account will be made.".to_owned(),
                ],
            ),
            MailBody::SignupDone {
                company,
                host_name,
                number,
                account,
            } => (
                format!("Your company is ready on {ours}"),
                vec![
                    format!("\"{}\" is ready. To sign in, use:", plain_name(company)),
                    format!("Host name: {host_name}"),
                    format!("Enterprise number: {number}"),
                    format!("Account: {account}"),
                    "The password is the one you set when you signed up.".to_owned(),
                    format!("Sign in at {}", self.public_url),
                ],
            ),
            MailBody::Activation { .. }
            | MailBody::PasswordLink { .. }
            | MailBody::UnlockLink { .. } => self.link_mail(body, Language::En, ours),
        }
    }

    fn link_mail(&self, body: &MailBody, language: Language, ours: &str) -> (String, Vec<String>) {
        let (MailBody::Activation {
            company,
            host_name,
            account,
            token,
            hours,
        }
        | MailBody::PasswordLink {
            company,
            host_name,
            account,
            token,
            hours,
        }
        | MailBody::UnlockLink {
            company,
            host_name,
            account,
            token,
            hours,
        }) = body
        else {
            return (String::new(), Vec::new());
        };
        let words = match language {
            Language::ZhCn => chinese_link(body, ours, *hours),
            Language::En => english_link(body, ours, *hours),
        };
        let (company, what) = (plain_name(company), words.what);
        let (first, labels) = match language {
            Language::ZhCn => (
                format!("「{company}」：{what}"),
                ["组织机构域：", "登录帐号："],
            ),
            Language::En => (
                format!("\"{company}\" {what}"),
                ["Host name: ", "Account: "],
            ),
        };
        let lines = vec![
            first,
            format!("{}{host_name}", labels[0]),
            format!("{}{account}", labels[1]),
            words.how.to_owned(),
            self.set_password_link(host_name, token),
            words.validity,
        ];
        (words.subject, lines)
    }

    /// The address of a one-time link.
    #[must_use]
    pub fn set_password_link(&self, host_name: &str, token: &str) -> String {
        let base = &self.public_url;
        format!("{base}{SET_PASSWORD_PATH}?tenant={host_name}&token={token}")
    }
}

fn chinese_link(body: &MailBody, ours: &str, hours: u32) -> LinkWords {
    let once = format!("链接 {hours} 小时内有效，仅可使用一次。");
    match body {
        MailBody::PasswordLink { .. } => LinkWords {
            subject: format!("重置您的 {ours} 密码"),
            what: "收到了重置您密码的请求。",
            how: "请打开以下链接设置新密码：",
            validity: format!("{once}如果不是您本人操作，请忽略本邮件。"),
        },
        MailBody::UnlockLink { .. } => LinkWords {
            subject: format!("您的 {ours} 账号已被锁定"),
            what: "您的账号因多次输入错误密码已被锁定。",
            how: "请打开以下链接设置新密码并解除锁定：",
            validity: once,
        },
        _ => LinkWords {
            subject: format!("{ours} 已为您开通"),
            what: "已为您开通服务。",
            how: "请打开以下链接设置密码：",
            validity: once,
        },
    }
}

fn english_link(body: &MailBody, ours: &str, hours: u32) -> LinkWords {
    let once = format!("The link is good for {hours} hours and can be used once.");
    match body {
        MailBody::PasswordLink { .. } => LinkWords {
            subject: format!("Set a new {ours} password"),
            what: "was asked to let you set a new password.",
            how: "Open this link to set it:",
            validity: format!("{once} If this was not you, ignore this mail."),
        },
        MailBody::UnlockLink { .. } => LinkWords {
            subject: format!("Your {ours} account is locked"),
            what: "has locked your account after too many wrong passwords.",
            how: "Open this link to set a new password and end the lock:",
            validity: once,
        },
        _ => LinkWords {
            subject: format!("{ours} is ready for you"),
            what: "has opened the service for you.",
            how: "Open this link to set your password:",
            validity: once,
        },
    }
}

/// A name as a mail may show it: one line, at most [`NAME_CHARS_MAX`] characters, and nothing in it
/// that a mail program takes for a link or an address.
#[must_use]
pub fn plain_name(text: &str) -> String {
    let line = kernel::clean_line(text);
    let letters: Vec<char> = line.chars().collect();
    let defused: String = letters
        .iter()
        .enumerate()
        .map(|(at, letter)| {
            let before = at.checked_sub(1).and_then(|at| letters.get(at));
            let joins = |next: Option<&char>| next.is_some_and(|next| next.is_alphanumeric());
            let inside = joins(before) && joins(letters.get(at + 1));
            if makes_links(*letter) || (inside && is_dot(*letter)) {
                ' '
            } else {
                *letter
            }
        })
        .collect();
    let clean = kernel::clean_line(&defused);
    if clean.chars().count() <= NAME_CHARS_MAX {
        return clean;
    }
    let mut cut: String = clean.chars().take(NAME_CHARS_MAX - 1).collect();
    cut.push('…');
    cut
}

/// What every address of the web or of mail needs one of, besides dots.
fn makes_links(letter: char) -> bool {
    matches!(
        letter,
        '/' | '\\' | '@' | ':' | '／' | '＼' | '＠' | '：' | '<' | '>' | '⁄' | '∕'
    )
}

/// Dots that a browser reads as one in a host name (IDNA), and their look-alikes.
fn is_dot(letter: char) -> bool {
    matches!(letter, '.' | '。' | '．' | '｡' | '․')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_a_link() {
        let cases = [
            ("海云网络科技有限公司", "海云网络科技有限公司"),
            ("Acme Co., Ltd.", "Acme Co., Ltd."),
            ("J. Smith & Sons", "J. Smith & Sons"),
            ("领奖http://evil.example/x?y", "领奖http evil example x?y"),
            ("Free money at evil.com", "Free money at evil com"),
            ("call me@evil.com", "call me evil com"),
            ("evil。com 中奖", "evil com 中奖"),
            ("a\r\nBcc: b@c.cn", "a Bcc b c cn"),
            ("www.evil.cn", "www evil cn"),
        ];
        for (typed, shown) in cases {
            assert_eq!(plain_name(typed), shown, "{typed}");
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        let shown = plain_name(&"云".repeat(100));
        assert_eq!(shown.chars().count(), NAME_CHARS_MAX);
        assert!(shown.ends_with('…'));
    }
}
