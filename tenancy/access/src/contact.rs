//! E-mail addresses and mobile numbers, checked in one place: what people type, what is shown, and
//! the folded form by which two of them are the same.

use tenancy_model::{ErrorCode, Problem, limits};

/// Octets of the part before the `@` (RFC 5321).
const LOCAL_BYTES_MAX: usize = 64;
/// Characters of one part of a host name (RFC 1035).
const LABEL_CHARS_MAX: usize = 63;
/// Digits of an international number, without `+` (E.164; the shortest in use have 7).
const INTERNATIONAL_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// Digits of a mobile number of mainland China without country code.
const CHINA_DIGITS: usize = 11;

/// A checked e-mail address or mobile number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// As it is shown and written to.
    pub shown: String,
    /// As it is compared.
    pub folded: String,
}

/// A checked e-mail address: one `@`, a host name with a dot, nothing that a mail header could
/// misread. Quoted local parts and address literals are refused; nobody has one.
///
/// # Errors
/// `INVALID_EMAIL`, or `TOO_LONG` above 254 characters.
pub fn email(field: &'static str, text: &str) -> Result<Contact, Problem> {
    let shown = text.trim();
    if shown.chars().count() > limits::EMAIL_CHARS_MAX {
        let problem = Problem::field(ErrorCode::TooLong, field);
        return Err(problem.limit(limits::EMAIL_CHARS_MAX as u64));
    }
    let good = shown
        .rsplit_once('@')
        .is_some_and(|(local, host)| is_local_part(local) && is_host(host));
    if !good {
        return Err(Problem::field(ErrorCode::InvalidEmail, field));
    }
    Ok(Contact {
        shown: shown.to_owned(),
        folded: shown.to_ascii_lowercase(),
    })
}

fn is_local_part(local: &str) -> bool {
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    !local.is_empty()
        && local.len() <= LOCAL_BYTES_MAX
        && local.chars().all(is_atom)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_CHARS_MAX).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.') && host.split('.').all(is_label) && !last.chars().all(|c| c.is_ascii_digit())
}

/// A checked mobile number: of mainland China with or without `+86`, or an international one with
/// `+` and country code. Spaces, hyphens and brackets are dropped.
///
/// # Errors
/// `INVALID_MOBILE`.
pub fn mobile(field: &'static str, text: &str) -> Result<Contact, Problem> {
    let dense: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')'))
        .collect();
    let (international, digits) = match dense.strip_prefix('+') {
        Some(digits) => (true, digits),
        None => (false, dense.as_str()),
    };
    let national = match international {
        true => digits.strip_prefix("86").filter(|rest| is_chinese(rest)),
        false => Some(digits).filter(|digits| is_chinese(digits)),
    };
    if let Some(national) = national {
        return Ok(Contact {
            shown: national.to_owned(),
            folded: format!("+86{national}"),
        });
    }
    let numeric = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    if international && numeric && INTERNATIONAL_DIGITS.contains(&digits.len()) {
        return Ok(Contact {
            shown: dense.clone(),
            folded: dense,
        });
    }
    Err(Problem::field(ErrorCode::InvalidMobile, field))
}

fn is_chinese(digits: &str) -> bool {
    digits.len() == CHINA_DIGITS
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.starts_with('1')
        && !digits.starts_with("10")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_deliver_are_taken_and_compared_without_case() {
        for good in [
            "li.na@example.com",
            "a+b@x-y.example.cn",
            " An@Example.COM ",
        ] {
            assert!(email("email", good).is_ok(), "{good}");
        }
        let typed = email("email", " An@Example.COM ").unwrap();
        assert_eq!(typed.shown, "An@Example.COM");
        assert_eq!(typed.folded, "an@example.com");
    }

    #[test]
    fn addresses_that_cannot_deliver_or_inject_are_refused() {
        for bad in [
            "",
            "a",
            "@b.cn",
            "a@",
            "a@b",
            "a b@c.cn",
            "a@b..cn",
            "a..b@c.cn",
            "a@-b.cn",
            "a@b.cn\r\nBcc: x@y.cn",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "\"a\"@b.cn",
            "a@b@c.cn,",
        ] {
            let problem = email("email", bad).unwrap_err();
            assert_eq!(problem.code, ErrorCode::InvalidEmail, "{bad}");
        }
        let long = format!("a@{}cn", "b.".repeat(200));
        assert_eq!(email("email", &long).unwrap_err().code, ErrorCode::TooLong);
    }

    #[test]
    fn a_mobile_number_is_the_same_with_and_without_country_code() {
        let typed = mobile("mobile", "+86 138-0013-8000").unwrap();
        assert_eq!(Ok(typed.clone()), mobile("mobile", "13800138000"));
        assert_eq!(typed.shown, "13800138000");
        assert!(mobile("mobile", "+49 (170) 1234567").is_ok());
        for bad in [
            "",
            "12",
            "23800138000",
            "1380013800a",
            "+0123456789",
            "+12345678901234567",
        ] {
            assert!(mobile("mobile", bad).is_err(), "{bad}");
        }
    }
}
