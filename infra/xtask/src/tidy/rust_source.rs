//! A Rust file cut into code, comments and text, so that a rule about one is not fooled by another:
//! a `{` in a string is no brace and a promise in a string is none. Also knows which lines are
//! inside `#[cfg(test)]`.

use super::is_test;

/// What a byte of a source file is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Text,
}

/// One parsed file.
pub(super) struct RustSource<'a> {
    /// Path from the root of the workspace.
    pub(super) path: &'a str,
    /// As it is.
    pub(super) text: &'a str,
    kinds: Vec<Kind>,
    /// By line, counted from 0: whether it is test code.
    in_test: Vec<bool>,
}

impl<'a> RustSource<'a> {
    pub(super) fn parse(path: &'a str, text: &'a str) -> Self {
        let kinds = classify(text.as_bytes());
        let mut source = Self {
            path,
            text,
            kinds,
            in_test: Vec::new(),
        };
        source.in_test = if is_test(path) {
            vec![true; text.lines().count()]
        } else {
            test_lines(&source.code())
        };
        source
    }

    /// The file with comments and texts blanked; lines and columns stay.
    pub(super) fn code(&self) -> String {
        self.only(Kind::Code)
    }

    /// The file with everything but comments blanked.
    pub(super) fn comments(&self) -> String {
        self.only(Kind::Comment)
    }

    /// Every string literal with its quotes, and the line it begins on (counted from 1).
    pub(super) fn literals(&self) -> Vec<(usize, &'a str)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.kinds.len() {
            let length = self.kinds[at..]
                .iter()
                .take_while(|kind| **kind == Kind::Text)
                .count();
            if length > 0 {
                let line = self.text[..at].matches('\n').count() + 1;
                found.push((line, &self.text[at..at + length]));
            }
            at += length.max(1);
        }
        found
    }

    /// Whether a line, counted from 1, is test code.
    pub(super) fn is_test_line(&self, line: usize) -> bool {
        self.in_test.get(line - 1).copied().unwrap_or(false)
    }

    /// How many lines are no test code.
    pub(super) fn product_lines(&self) -> usize {
        self.in_test.iter().filter(|test| !**test).count()
    }

    fn only(&self, wanted: Kind) -> String {
        let bytes = self.text.bytes().zip(&self.kinds);
        let kept = bytes.map(|(byte, kind)| match byte {
            b'\n' => b'\n',
            _ if *kind == wanted => byte,
            _ => b' ',
        });
        // All bytes of a character are of one kind, so this stays valid.
        String::from_utf8_lossy(&kept.collect::<Vec<_>>()).into_owned()
    }
}

/// What every byte is part of.
fn classify(bytes: &[u8]) -> Vec<Kind> {
    let mut kinds = Vec::with_capacity(bytes.len());
    while kinds.len() < bytes.len() {
        let at = kinds.len();
        let (kind, length) = token(bytes, at);
        kinds.resize((at + length).min(bytes.len()), kind);
    }
    kinds
}

/// The token that begins at `at`: what it is and its length in bytes.
fn token(bytes: &[u8], at: usize) -> (Kind, usize) {
    let rest = &bytes[at..];
    let inside_word = at > 0 && is_word(bytes[at - 1]);
    match rest {
        [b'/', b'/', ..] => (
            Kind::Comment,
            rest.iter().take_while(|byte| **byte != b'\n').count(),
        ),
        [b'/', b'*', ..] => (Kind::Comment, block_comment(rest)),
        [b'"', ..] => (Kind::Text, quoted(rest, b'"')),
        [b'\'', ..] => match character(rest) {
            0 => (Kind::Code, 1),
            length => (Kind::Text, length),
        },
        [b'r' | b'b' | b'c', ..] if !inside_word => match raw_string(rest) {
            0 => (Kind::Code, 1),
            length => (Kind::Text, length),
        },
        _ => (Kind::Code, 1),
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Length of a block comment, which nests.
fn block_comment(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Length of a literal between two `quote`s, with escapes.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// Length of a character literal, or 0 where the quote begins a lifetime.
fn character(bytes: &[u8]) -> usize {
    match bytes {
        [_, b'\\', ..] => quoted(bytes, b'\''),
        [_, first, ..] => {
            let width = match first {
                0xF0.. => 4,
                0xE0.. => 3,
                0xC0.. => 2,
                _ => 1,
            };
            if bytes.get(1 + width) == Some(&b'\'') {
                width + 2
            } else {
                0
            }
        }
        _ => 0,
    }
}

/// Length of a raw string of any prefix (`r`, `br`, `cr`), or 0 where there is none.
fn raw_string(bytes: &[u8]) -> usize {
    let prefix = if bytes[0] == b'r' { 1 } else { 2 };
    if bytes.get(prefix - 1) != Some(&b'r') {
        return 0;
    }
    let hashes = bytes[prefix..]
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    if bytes.get(prefix + hashes) != Some(&b'"') {
        return 0;
    }
    let body = prefix + hashes + 1;
    let mut end = vec![b'"'];
    end.resize(hashes + 1, b'#');
    let closing = bytes[body..]
        .windows(end.len())
        .position(|window| window == end);
    closing.map_or(bytes.len(), |at| body + at + end.len())
}

/// By line: whether it is inside an item under `#[cfg(test)]`.
fn test_lines(code: &str) -> Vec<bool> {
    let mut lines = vec![false; code.lines().count()];
    for (start, _) in code.match_indices("#[cfg(test)]") {
        let Some(open) = code[start..].find(['{', ';']).map(|at| start + at) else {
            continue;
        };
        let end = if code.as_bytes()[open] == b'{' {
            closing(code, open)
        } else {
            open
        };
        let first = code[..start].matches('\n').count();
        let last = code[..end].matches('\n').count();
        let end = lines.len().min(last + 1);
        lines[first..end].fill(true);
    }
    lines
}

/// Where the brace that opens at `open` closes.
fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_comments_and_texts_are_told_apart_and_keep_their_columns() {
        let text = "let a = \"// {\"; // TODO \"x\"\nlet b = '\"'; /* a /* b */ c */ d";
        let source = RustSource::parse("a.rs", text);
        assert_eq!(
            source.code(),
            "let a =       ;            \nlet b =    ;                   d"
        );
        assert!(source.comments().contains("// TODO \"x\""));
        assert!(source.comments().contains("/* a /* b */ c */"));
        let literals: Vec<_> = source
            .literals()
            .into_iter()
            .map(|literal| literal.1)
            .collect();
        assert_eq!(literals, ["\"// {\"", "'\"'"]);
    }

    #[test]
    fn lifetimes_raw_strings_and_wide_characters_do_not_confuse_it() {
        let text = "fn a<'a>(x: &'a str) { r#\"} \"quoted\" {\"#; '宽'; b'x'; br\"\\\"; for_r(x) }";
        let source = RustSource::parse("a.rs", text);
        let code = source.code();
        assert_eq!(code.matches('{').count(), 1);
        assert_eq!(code.matches('}').count(), 1);
        assert!(code.contains("<'a>"));
        assert!(code.ends_with("for_r(x) }"));
    }

    #[test]
    fn the_lines_of_a_test_module_are_known() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { \"}\" }\n}\nfn c() {}\n";
        let source = RustSource::parse("a.rs", text);
        let lines: Vec<_> = (1..=6).map(|line| source.is_test_line(line)).collect();
        assert_eq!(lines, [false, true, true, true, true, false]);
        assert_eq!(source.product_lines(), 2);
        let elsewhere = RustSource::parse("a.rs", "#[cfg(test)]\nmod tests;\nfn a() {}\n");
        assert_eq!(elsewhere.product_lines(), 1);
    }
}
