//! `cargo xtask columns LOG`: counts the tests of each column (embedded, scaled) in a log of
//! `cargo nextest run` and compares the two. A test names its column by a module (`embedded::`) or
//! by its ending (`_embedded`); both columns run the same tests, but for the exceptions of
//! `tests/column_exceptions.txt`, each with its reason.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::workspace::Workspace;

/// Lines of a name, `#`, a reason. The name is the test's with `*` for its column.
const EXCEPTIONS: &str = "tests/column_exceptions.txt";
const COLUMNS: [&str; 2] = ["embedded", "scaled"];
/// How nextest marks a test that passed.
const PASSED: [&str; 2] = ["PASS", "LEAK"];

/// The tests of both columns, each name with `*` for its column.
#[derive(Default)]
struct Columns {
    tests: [BTreeSet<String>; 2],
}

/// Prints the counts; `false` where the columns differ beyond the exceptions, or one is empty.
pub(crate) fn run(workspace: &Workspace, log: &Path) -> Result<bool, String> {
    let text = fs::read_to_string(log).map_err(|error| format!("{}: {error}", log.display()))?;
    let exceptions = exceptions(&workspace.read(EXCEPTIONS)?)?;
    let columns = Columns::of(&text);
    let differences = columns.differences(&exceptions);
    for difference in &differences {
        println!("columns: {difference}");
    }
    let [embedded, scaled] = columns.tests.each_ref().map(BTreeSet::len);
    println!(
        "columns: embedded {embedded}, scaled {scaled}, exceptions {}",
        exceptions.len()
    );
    Ok(differences.is_empty())
}

impl Columns {
    fn of(log: &str) -> Self {
        let mut columns = Self::default();
        for line in log.lines() {
            let mut words = line.split_whitespace();
            let passed = words.next().is_some_and(|word| PASSED.contains(&word));
            let name = words.next_back().filter(|_| passed);
            let binary = words.next_back().unwrap_or_default();
            if let Some((column, name)) = name.and_then(column_of) {
                columns.tests[column].insert(format!("{binary} {name}"));
            }
        }
        columns
    }

    fn differences(&self, exceptions: &BTreeSet<String>) -> Vec<String> {
        let [embedded, scaled] = &self.tests;
        let mut found = Vec::new();
        for (column, tests) in COLUMNS.iter().zip(&self.tests) {
            if tests.is_empty() {
                found.push(format!("no test of the {column} column passed"));
            }
        }
        for (one, other, name) in [
            (embedded, scaled, COLUMNS[0]),
            (scaled, embedded, COLUMNS[1]),
        ] {
            let alone = one
                .difference(other)
                .filter(|test| !exceptions.contains(*test));
            found.extend(alone.map(|test| format!("passed in {name} only: {test}")));
        }
        let both = exceptions
            .iter()
            .filter(|test| embedded.contains(*test) == scaled.contains(*test));
        found.extend(both.map(|test| format!("{EXCEPTIONS} names no exception: {test}")));
        found
    }
}

/// The column of a test, and its name with `*` instead.
fn column_of(name: &str) -> Option<(usize, String)> {
    let parts: Vec<&str> = name.split("::").collect();
    let found = parts.iter().enumerate().find_map(|(at, part)| {
        let column = COLUMNS.iter().position(|column| {
            part == column
                || part
                    .strip_suffix(column)
                    .is_some_and(|rest| rest.ends_with('_'))
        })?;
        Some((at, column))
    });
    let (at, column) = found?;
    let starred = parts[at].replace(COLUMNS[column], "*");
    let mut parts: Vec<&str> = parts.clone();
    parts[at] = &starred;
    Some((column, parts.join("::")))
}

fn exceptions(text: &str) -> Result<BTreeSet<String>, String> {
    let lines = text.lines().map(str::trim);
    let named = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let parsed = named.map(|line| match line.split_once('#') {
        Some((name, reason)) if !reason.trim().is_empty() => Ok(name.trim().to_owned()),
        _ => Err(format!("{EXCEPTIONS}: no reason after `#`: {line}")),
    });
    parsed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
    Starting 5 tests across 2 binaries
        PASS [   0.005s] (1/5) hansa-tests::it embedded::chat::send
        PASS [   0.105s] (2/5) hansa-tests::it scaled::chat::send
        PASS [   0.105s] (3/5) tenancy-store outbox::tests::append_embedded
        LEAK [   0.105s] (4/5) tenancy-store outbox::tests::append_scaled
        FAIL [   0.105s] (5/5) hansa-tests::it embedded::chat::recall
        PASS [   0.105s] (5/5) kernel clock::tests::moves
     Summary [   0.321s] 6 tests run: 5 passed, 1 failed, 0 skipped
";

    #[test]
    fn tests_are_counted_a_column_by_module_or_ending() {
        let columns = Columns::of(LOG);
        assert_eq!(columns.tests.each_ref().map(BTreeSet::len), [2, 2]);
        assert!(columns.differences(&BTreeSet::new()).is_empty());
    }

    #[test]
    fn a_test_in_one_column_needs_an_exception_with_a_reason() {
        let log = format!("{LOG}PASS [0.1s] hansa-tests::it scaled::redis::dies\n");
        let columns = Columns::of(&log);
        assert_eq!(columns.differences(&BTreeSet::new()).len(), 1);
        let listed = exceptions("# why\nhansa-tests::it *::redis::dies  # no Redis there\n");
        assert!(columns.differences(&listed.expect("exceptions")).is_empty());
        assert!(exceptions("hansa-tests::it *::redis::dies\n").is_err());
    }

    #[test]
    fn an_exception_that_is_none_and_an_empty_column_are_found() {
        let listed = exceptions("hansa-tests::it *::chat::send # old").expect("exceptions");
        assert_eq!(Columns::of(LOG).differences(&listed).len(), 1);
        assert_eq!(Columns::of("").differences(&BTreeSet::new()).len(), 2);
    }
}
