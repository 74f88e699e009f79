//! `cargo xtask tidy`: the house law as a test. Each rule is a function over one file that returns
//! what it found; the tables it reads (words, folders, limits) stand on top of its file.

mod catalogue;
mod machine;
mod names;
mod rust_source;
mod shape;
mod sql;

use crate::finding::Finding;
use crate::workspace::{TextFile, Workspace};
use rust_source::RustSource;

/// What may stand at the top level. Folders of the product first, then what tools demand there.
const TOP_LEVEL: &[&str] = &[
    "api",
    "billing",
    "federation",
    "frontend",
    "infra",
    "tenancy",
    "tests",
    ".cargo",
    ".ci",
    ".config",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "Makefile",
    "README.md",
    "clippy.toml",
    "deny.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
];

/// All breaches, file by file.
pub(crate) fn check(workspace: &Workspace) -> Result<Vec<Finding>, String> {
    let files = workspace.text_files()?;
    let catalogue = catalogue::Catalogue::read(workspace)?;
    let machine = machine::Machine::here(workspace.root());
    let mut findings = check_top_level(&workspace.top_level()?);
    for file in &files {
        findings.extend(machine.check(file));
        findings.extend(catalogue.check(file));
        findings.extend(check_file(file));
    }
    Ok(findings)
}

fn check_top_level(names: &[String]) -> Vec<Finding> {
    names
        .iter()
        .filter(|name| !TOP_LEVEL.contains(&name.as_str()) && !name.starts_with("data"))
        .map(|name| {
            Finding::new(
                name,
                0,
                "top-level",
                "the top level is fixed; find it a folder",
            )
        })
        .collect()
}

fn check_file(file: &TextFile) -> Vec<Finding> {
    let TextFile { path, text } = file;
    if is_generated(path) {
        return Vec::new();
    }
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("rs") => {
            let source = RustSource::parse(path, text);
            let mut findings = shape::check_rust(&source);
            findings.extend(names::check_rust(&source));
            findings.extend(sql::check(&source));
            findings
        }
        Some("ts" | "tsx" | "css") => {
            let mut findings = shape::check_frontend(path, text);
            findings.extend(names::check_typescript(path, text));
            findings
        }
        Some("graphql") => names::check_graphql(path, text),
        _ => Vec::new(),
    }
}

/// What a tool wrote is held by `gen --check`, not by style.
fn is_generated(path: &str) -> bool {
    path.starts_with("frontend/src/gql/") && path.ends_with(".ts")
}

/// Whether a whole file is test code.
fn is_test(path: &str) -> bool {
    let in_folder = ["tests", "e2e", "testing"].iter().any(|folder| {
        path.starts_with(&format!("{folder}/")) || path.contains(&format!("/{folder}/"))
    });
    let name = path.rsplit('/').next().unwrap_or(path);
    in_folder
        || ["tests.rs", "testing.rs"].contains(&name)
        || [".test.ts", ".test.tsx", ".stories.tsx"]
            .iter()
            .any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_code_is_known_by_its_place() {
        for path in [
            "tests/src/world.rs",
            "infra/a/src/config/tests.rs",
            "frontend/e2e/a.ts",
        ] {
            assert!(is_test(path), "{path}");
        }
        for path in ["tenancy/chat/src/send.rs", "frontend/src/chat/latest.ts"] {
            assert!(!is_test(path), "{path}");
        }
    }

    #[test]
    fn a_new_name_at_the_top_level_is_found() {
        let names = ["api", "data", "scripts"].map(str::to_owned);
        let found = check_top_level(&names);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "scripts");
    }
}
