//! What a browser does with a file, and under which name it is saved: `Content-Disposition` with a
//! plain name for whoever reads nothing else, and the real one in UTF-8 (RFC 6266, RFC 8187).

use std::fmt::Write as _;

/// The header's value.
pub(crate) fn disposition(inline: bool, name: &str) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let mut value = format!("{kind}; filename=\"{}\"", plain(name));
    if !name.bytes().all(|byte| is_plain(char::from(byte))) {
        let _ = write!(value, "; filename*=UTF-8''");
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                value.push(char::from(byte));
            } else {
                let _ = write!(value, "%{byte:02X}");
            }
        }
    }
    value
}

/// The name with a line in place of what a quoted text cannot carry everywhere.
fn plain(name: &str) -> String {
    let shown = |c: char| if is_plain(c) { c } else { '_' };
    name.chars().map(shown).collect()
}

fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '%' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    // covers: FIL-01
    #[test]
    fn a_name_in_any_script_is_kept_and_breaks_nothing() {
        assert_eq!(
            disposition(false, "report 1.pdf"),
            "attachment; filename=\"report 1.pdf\""
        );
        assert_eq!(
            disposition(true, "周报.txt"),
            "inline; filename=\"__.txt\"; filename*=UTF-8''%E5%91%A8%E6%8A%A5.txt"
        );
        assert_eq!(
            disposition(false, "a\"b\\c/d\r\ne%41.txt"),
            "attachment; filename=\"a_b_c_d__e_41.txt\"; \
             filename*=UTF-8''a%22b%5Cc%2Fd%0D%0Ae%2541.txt"
        );
    }
}
