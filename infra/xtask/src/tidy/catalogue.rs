//! A test that names rows of the feature catalogue (`covers: MSG-14`) names rows that exist.

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::workspace::{TextFile, Workspace};

const PATH: &str = "tests/features.md";
/// In pieces, so that this file does not claim rows.
const MARK: &str = concat!("covers", ":");
/// Kinds of files that hold tests.
const SOURCES: &[&str] = &[".rs", ".ts", ".tsx"];
/// Where the claims are read and tested; they prove nothing there.
const OWN: &str = "infra/xtask/";

/// The rows of the catalogue.
pub(super) struct Catalogue {
    rows: BTreeSet<String>,
}

impl Catalogue {
    pub(super) fn read(workspace: &Workspace) -> Result<Self, String> {
        Ok(Self {
            rows: rows(&workspace.read(PATH)?),
        })
    }

    pub(super) fn check(&self, file: &TextFile) -> Vec<Finding> {
        let is_source = SOURCES.iter().any(|end| file.path.ends_with(end));
        if !is_source || file.path.starts_with(OWN) {
            return Vec::new();
        }
        let lines = file.text.lines().enumerate();
        lines
            .flat_map(|(index, line)| self.check_line(&file.path, index + 1, line))
            .collect()
    }

    fn check_line(&self, path: &str, line: usize, text: &str) -> Vec<Finding> {
        let Some((_, claim)) = text.split_once(MARK) else {
            return Vec::new();
        };
        let ids: Vec<&str> = claim
            .split(|letter| !is_of_id(letter))
            .filter(|id| is_id(id))
            .collect();
        if ids.is_empty() {
            return vec![Finding::new(
                path,
                line,
                "covers",
                "names no row, such as `MSG-14`",
            )];
        }
        let missing = ids.into_iter().filter(|id| !self.rows.contains(*id));
        missing
            .map(|id| Finding::new(path, line, "covers", format!("no row {id} in {PATH}")))
            .collect()
    }
}

fn rows(catalogue: &str) -> BTreeSet<String> {
    let first_cells = catalogue
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next());
    first_cells
        .filter(|id| is_id(id))
        .map(str::to_owned)
        .collect()
}

fn is_of_id(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-'
}

/// Capital letters, a hyphen, digits.
fn is_id(text: &str) -> bool {
    text.split_once('-').is_some_and(|(area, number)| {
        let capitals = area.len() >= 2 && area.bytes().all(|byte| byte.is_ascii_uppercase());
        capitals && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let rows = rows("| ID | Feature |\n|---|---|\n| MSG-01 | Send. |\n| MSG-02 | Recall. |\n");
        let file = TextFile {
            path: "tenancy/a.rs".to_owned(),
            text: text.to_owned(),
        };
        Catalogue { rows }
            .check(&file)
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn rows_that_exist_may_be_claimed() {
        assert!(
            found(&format!(
                "// {MARK} MSG-01, MSG-02 (the half without files)"
            ))
            .is_empty()
        );
        assert!(found("// nothing claimed").is_empty());
    }

    #[test]
    fn rows_that_do_not_exist_and_empty_claims_are_found() {
        let missing = found(&format!("// {MARK} MSG-01, MSG-99"));
        assert_eq!(missing, ["no row MSG-99 in tests/features.md"]);
        assert_eq!(found(&format!("// {MARK} sending")).len(), 1);
    }
}
