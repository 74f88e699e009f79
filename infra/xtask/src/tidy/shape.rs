//! The shape of a file: its length and opening, the length of its lines, and what no finished code
//! contains.

use super::is_test;
use super::rust_source::RustSource;
use crate::finding::Finding;

/// A file beyond this is two subjects; tests are not counted.
const FILE_LINES_MAX: usize = 600;
/// As in rustfmt.toml, which does not break comments and texts.
const LINE_COLUMNS_MAX: usize = 100;
/// Marks of work that was put off. In pieces, so that this file does not contain them.
const PUT_OFF: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
];
/// Calls and attributes that do not belong outside tests, and what to do instead.
const REFUSED: &[(&str, &str)] = &[
    (
        ".unwrap()",
        "return the error, or say in a type why it cannot happen",
    ),
    ("todo!(", "finish it"),
    ("unimplemented!(", "finish it"),
    ("dbg!(", "use tracing"),
    ("#[allow(", "mend it, or #[expect(.., reason)]"),
    ("#![allow(", "mend it, or #![expect(.., reason)]"),
];

pub(super) fn check_rust(source: &RustSource<'_>) -> Vec<Finding> {
    let path = source.path;
    let mut findings = Vec::new();
    if !source.text.starts_with("//!") {
        let message = "open with `//!`: what this is, in one to five sentences";
        findings.push(Finding::new(path, 1, "no-opening", message));
    }
    findings.extend(too_long(path, source.product_lines()));
    for (index, line) in source.text.lines().enumerate() {
        let columns = line.chars().count();
        if columns > LINE_COLUMNS_MAX {
            let message = format!("{columns} columns; at most {LINE_COLUMNS_MAX}");
            findings.push(Finding::new(path, index + 1, "long-line", message));
        }
    }
    for (index, line) in source.comments().lines().enumerate() {
        findings.extend(put_off(path, index + 1, line));
    }
    for (index, line) in source.code().lines().enumerate() {
        if !source.is_test_line(index + 1) {
            findings.extend(refused(path, index + 1, line));
        }
    }
    findings
}

pub(super) fn check_frontend(path: &str, text: &str) -> Vec<Finding> {
    let lines = if is_test(path) {
        0
    } else {
        text.lines().count()
    };
    let mut findings: Vec<_> = too_long(path, lines).into_iter().collect();
    for (index, line) in text.lines().enumerate() {
        findings.extend(put_off(path, index + 1, line));
    }
    findings
}

fn too_long(path: &str, lines: usize) -> Option<Finding> {
    let message = format!("{lines} lines without tests; split at {FILE_LINES_MAX}");
    (lines > FILE_LINES_MAX).then(|| Finding::new(path, 0, "long-file", message))
}

fn put_off(path: &str, line: usize, text: &str) -> Option<Finding> {
    let is_mark = |word: &&str| PUT_OFF.contains(word);
    let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let mark = words.find(is_mark)?;
    Some(Finding::new(
        path,
        line,
        "put-off",
        format!("`{mark}`: do it, or write an issue"),
    ))
}

fn refused(path: &str, line: usize, code: &str) -> Vec<Finding> {
    let found = REFUSED.iter().filter(|(text, _)| code.contains(text));
    found
        .map(|(text, instead)| Finding::new(path, line, "refused", format!("`{text}`: {instead}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        let found = check_rust(&RustSource::parse(path, text));
        found
            .iter()
            .map(|finding| (finding.rule, finding.line))
            .collect()
    }

    #[test]
    fn a_file_without_an_opening_and_with_long_lines_is_found() {
        let text = format!("fn a() {{}}\n// {}\n", "宽".repeat(100));
        assert_eq!(rules("a.rs", &text), [("no-opening", 1), ("long-line", 2)]);
        assert!(rules("a.rs", &format!("//! {}\n", "宽".repeat(96))).is_empty());
    }

    #[test]
    fn tests_do_not_count_for_the_length_of_a_file() {
        let product = format!("//! A.\n{}", "fn a() {}\n".repeat(500));
        let tests = format!(
            "#[cfg(test)]\nmod tests {{\n{}}}\n",
            "fn b() {}\n".repeat(500)
        );
        assert!(rules("a.rs", &format!("{product}{tests}")).is_empty());
        assert_eq!(
            rules("a.rs", &format!("{product}{product}"))[0].0,
            "long-file"
        );
    }

    #[test]
    fn unwrap_is_refused_outside_tests_and_texts() {
        let text = "//! A.\nfn a() { b().unwrap(); \".unwrap()\" }\n";
        assert_eq!(rules("a.rs", text), [("refused", 2)]);
        assert!(rules("tests/src/a.rs", text).is_empty());
    }

    #[test]
    fn marks_of_put_off_work_count_as_whole_words_in_comments() {
        let mark = PUT_OFF[0];
        assert_eq!(
            rules("a.rs", &format!("//! A.\n// {mark}: b\n")),
            [("put-off", 2)]
        );
        assert!(rules("a.rs", &format!("//! A.\nconst {mark}S: u8 = 1;\n")).is_empty());
        assert_eq!(check_frontend("a.ts", &format!("// {mark}\n")).len(), 1);
    }
}
