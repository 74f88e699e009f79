//! Text from outside, made fit to keep and to compare.

/// Trims, and replaces every run of white space and control characters by one space: what a form
/// field of one line may hold. Bidirectional overrides go too, so that a name cannot rewrite its
/// line.
#[must_use]
pub fn clean_line(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let word: String = word.chars().filter(|c| !is_invisible(*c)).collect();
        if word.is_empty() {
            continue;
        }
        if !clean.is_empty() {
            clean.push(' ');
        }
        clean.push_str(&word);
    }
    clean
}

/// The form in which names and accounts are compared and searched: lower case, full-width letters
/// and digits made half-width. (SQLite's own `lower` knows ASCII alone.)
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .map(half_width)
        .flat_map(char::to_lowercase)
        .collect()
}

fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

fn is_invisible(c: char) -> bool {
    const RANGES: [(char, char); 4] = [
        ('\u{200B}', '\u{200F}'),
        ('\u{202A}', '\u{202E}'),
        ('\u{2060}', '\u{206F}'),
        ('\u{FEFF}', '\u{FEFF}'),
    ];
    RANGES
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_breaks_and_no_overrides() {
        assert_eq!(clean_line("  Anna\r\n\tLi \u{202E}x\u{200B} "), "Anna Li x");
    }

    #[test]
    fn folding_joins_what_looks_the_same() {
        assert_eq!(fold("ＡＢＣ１２３ Ä"), "abc123 ä");
    }
}
