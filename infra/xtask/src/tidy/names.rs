//! One word per thing: names that others see do not use the words that the glossary refuses. Only
//! words that mean nothing else here are listed; the rest is for the reader of a change.

use super::is_test;
use super::rust_source::RustSource;
use crate::finding::Finding;

/// A refused word and the word of the house.
const WORDS: &[(&str, &str)] = &[
    ("user", "member (or operator, reseller)"),
    ("users", "members"),
    ("employee", "member"),
    ("org", "tenant"),
    ("orgs", "tenants"),
    ("realm", "tenant"),
    ("room", "conversation"),
    ("rooms", "conversations"),
    ("slug", "host name"),
    ("superadmin", "operator"),
    ("distributor", "reseller"),
    ("homeserver", "node"),
    ("unsend", "recall"),
];
/// Names that come from elsewhere and keep their word.
const FOREIGN: &[&str] = &["user agent"];
/// Folders that speak of the product.
const PRODUCT: &[&str] = &[
    "api/",
    "billing/",
    "federation/",
    "frontend/src/",
    "tenancy/",
];
/// What may stand between `pub` and a name.
const RUST_KEYWORDS: &[&str] = &[
    "async", "const", "enum", "fn", "mod", "static", "struct", "trait", "type", "unsafe",
];
/// What may stand between `export` and a name.
const TYPESCRIPT_KEYWORDS: &[&str] = &[
    "abstract",
    "async",
    "class",
    "const",
    "default",
    "enum",
    "function",
    "interface",
    "let",
    "type",
];

pub(super) fn check_rust(source: &RustSource<'_>) -> Vec<Finding> {
    if !is_product(source.path) || is_test(source.path) {
        return Vec::new();
    }
    let code = source.code();
    let lines = code.lines().enumerate();
    let public = lines.filter(|(index, _)| !source.is_test_line(index + 1));
    let named = public.filter_map(|(index, line)| {
        let rest = line.trim_start().strip_prefix("pub ")?;
        Some((index + 1, first_name(rest, RUST_KEYWORDS)?))
    });
    named
        .filter_map(|(line, name)| check_name(source.path, line, name))
        .collect()
}

pub(super) fn check_typescript(path: &str, text: &str) -> Vec<Finding> {
    if !is_product(path) || is_test(path) {
        return Vec::new();
    }
    let named = text.lines().enumerate().filter_map(|(index, line)| {
        let rest = line.strip_prefix("export ")?;
        Some((index + 1, first_name(rest, TYPESCRIPT_KEYWORDS)?))
    });
    named
        .filter_map(|(line, name)| check_name(path, line, name))
        .collect()
}

/// Every name of a schema is public; descriptions and comments are prose.
pub(super) fn check_graphql(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut in_description = false;
    for (index, line) in text.lines().enumerate() {
        let fences = line.matches("\"\"\"").count();
        if !in_description && fences == 0 {
            let code = line.split(['#', '"']).next().unwrap_or_default();
            let names = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            findings.extend(names.filter_map(|name| check_name(path, index + 1, name)));
        }
        in_description ^= fences % 2 == 1;
    }
    findings
}

fn is_product(path: &str) -> bool {
    PRODUCT.iter().any(|folder| path.starts_with(folder))
}

/// The first identifier that is no keyword; none for a `use`.
fn first_name<'a>(rest: &'a str, keywords: &[&str]) -> Option<&'a str> {
    let mut words = rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words
        .find(|word| !word.is_empty() && !keywords.contains(word))
        .filter(|word| *word != "use")
}

fn check_name(path: &str, line: usize, name: &str) -> Option<Finding> {
    let mut spaced = words_of(name).join(" ");
    for foreign in FOREIGN {
        spaced = spaced.replace(foreign, "");
    }
    let refused = |word: &str| WORDS.iter().find(|row| row.0 == word);
    let (word, instead) = spaced.split(' ').find_map(refused)?;
    let message = format!("`{name}` says `{word}`; our word is {instead}");
    Some(Finding::new(path, line, "word", message))
}

/// The words of a name in any of the usual spellings, in lower case.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous_is_lower = false;
    for letter in name.chars() {
        if letter == '_' {
            previous_is_lower = false;
            words.push(String::new());
            continue;
        }
        if words.is_empty() || (letter.is_uppercase() && previous_is_lower) {
            words.push(String::new());
        }
        previous_is_lower = letter.is_lowercase() || letter.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_falls_into_its_words() {
        assert_eq!(words_of("UserAgent"), ["user", "agent"]);
        assert_eq!(words_of("MAX_ROOMS"), ["max", "rooms"]);
        assert_eq!(
            words_of("conversationHeadSeq"),
            ["conversation", "head", "seq"]
        );
    }

    #[test]
    fn public_names_are_held_and_private_ones_and_prose_are_not() {
        let text = "//! A user.\npub struct UserView;\nstruct User;\npub use a::User;\n\
                    pub(crate) fn user() {}\npub fn user_agent() {}\n    pub org: u8,\n";
        let found = check_rust(&RustSource::parse("tenancy/a.rs", text));
        let lines: Vec<_> = found.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [2, 7]);
        assert!(check_rust(&RustSource::parse("infra/a.rs", text)).is_empty());
    }

    #[test]
    fn every_name_of_a_schema_is_held_but_not_its_prose() {
        let text =
            "\"\"\"\nA user.\n\"\"\"\ntype Member {\n  \"the user\"\n  userName: String\n}\n";
        let found = check_graphql("api/graphql/schema/tenant.graphql", text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 6);
    }

    #[test]
    fn exports_of_the_frontend_are_held() {
        let text = "export async function listRooms() {}\nexport { User } from './a';\n";
        assert_eq!(check_typescript("frontend/src/a.ts", text).len(), 2);
        assert!(check_typescript("frontend/tools/a.ts", text).is_empty());
    }
}
