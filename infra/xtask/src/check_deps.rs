//! `cargo xtask check-deps`: every manifest of the workspace and Cargo.lock against
//! [`crate::rules`]. Dev-dependencies count too: a test that needs a crate from above its own
//! belongs in `tests/`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Table;

use crate::finding::Finding;
use crate::rules::{CRATES_IO, HOMES, MayUse, REFUSED, SINGLE, TABLE, matches};
use crate::workspace::Workspace;

/// The tables of a manifest that name dependencies.
const SECTIONS: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];
const ROOT: &str = "Cargo.toml";
/// The crate whose dependencies are part of every build of the workspace and of no release.
const TESTS: &str = "hansa-tests";
const LOCK: &str = "Cargo.lock";

/// One crate of the workspace.
struct Manifest {
    path: String,
    name: String,
    /// Whether it takes the workspace's lints.
    linted: bool,
    dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependencies.
#[derive(Debug, PartialEq, Eq)]
struct Dependency {
    name: String,
    /// Whether version and features come from the root manifest.
    inherited: bool,
    /// Whether it is for tests only.
    dev: bool,
    /// The features it adds to those of the root manifest.
    features: Vec<String>,
    line: usize,
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
}

/// All breaches, in the order of the workspace's members.
pub(crate) fn check(workspace: &Workspace) -> Result<Vec<Finding>, String> {
    let mut manifests = Vec::new();
    for member in members(&workspace.read(ROOT)?)? {
        let path = format!("{member}/Cargo.toml");
        manifests.push(manifest(&path, &workspace.read(&path)?)?);
    }
    let mut findings = check_manifests(&manifests);
    findings.extend(check_lock(&workspace.read(LOCK)?)?);
    Ok(findings)
}

fn check_manifests(manifests: &[Manifest]) -> Vec<Finding> {
    let ours: BTreeSet<&str> = manifests
        .iter()
        .map(|manifest| manifest.name.as_str())
        .collect();
    let tests = manifests.iter().find(|manifest| manifest.name == TESTS);
    let of_tests = tests.map_or(&[][..], |tests| &tests.dependencies);
    let mut findings = Vec::new();
    for manifest in manifests {
        let Some((_, may_use)) = TABLE.iter().find(|row| row.0 == manifest.name) else {
            let message = format!("`{}` has no row in infra/xtask/src/rules.rs", manifest.name);
            findings.push(Finding::new(&manifest.path, 0, "no-row", message));
            continue;
        };
        if !manifest.linted {
            let message = "say `[lints] workspace = true`";
            findings.push(Finding::new(&manifest.path, 0, "no-lints", message));
        }
        for dependency in &manifest.dependencies {
            findings.extend(check_dependency(manifest, *may_use, dependency, &ours));
            findings.extend(check_features(manifest, dependency, of_tests));
        }
    }
    findings
}

fn check_dependency(
    manifest: &Manifest,
    may_use: MayUse,
    dependency: &Dependency,
    ours: &BTreeSet<&str>,
) -> Vec<Finding> {
    let Dependency { name, line, .. } = dependency;
    let own = &manifest.name;
    let mut found: Vec<(&'static str, String)> = Vec::new();
    if !dependency.inherited {
        found.push((
            "version",
            format!("`{name}`: the version stands in the root manifest"),
        ));
    }
    if ours.contains(name.as_str()) && name != own && !may_see(may_use, name) {
        found.push(("direction", format!("`{own}` may not use `{name}`")));
    }
    for home in HOMES.iter().filter(|home| matches(home.library, name)) {
        let held = home.even_in_tests || !dependency.dev;
        if held && !home.crates.contains(&own.as_str()) {
            found.push((
                "home",
                format!("`{own}` may not use `{name}`: {}", home.reason),
            ));
        }
    }
    found
        .into_iter()
        .map(|(rule, message)| Finding::new(&manifest.path, *line, rule, message))
        .collect()
}

/// A feature that only tests switch on would make Cargo build the dependency, and all that stands
/// on it, once for tests and once for the server; so the tests crate asks for it too.
fn check_features(
    manifest: &Manifest,
    dependency: &Dependency,
    of_tests: &[Dependency],
) -> Option<Finding> {
    let Dependency {
        name,
        line,
        features,
        dev,
        ..
    } = dependency;
    let same = of_tests
        .iter()
        .find(|other| other.name == *name && !other.dev);
    let everywhere = |feature| same.is_some_and(|same| same.features.contains(feature));
    if !dev || features.iter().all(everywhere) {
        return None;
    }
    let message =
        format!("`{name}`: the same features belong in [dependencies] of tests/Cargo.toml");
    Some(Finding::new(&manifest.path, *line, "features", message))
}

fn may_see(may_use: MayUse, name: &str) -> bool {
    match may_use {
        MayUse::Everything => true,
        MayUse::Nothing => false,
        MayUse::Only(used) => name == "kernel" || used.contains(&name),
    }
}

fn check_lock(text: &str) -> Result<Vec<Finding>, String> {
    let lock: Lock = toml::from_str(text).map_err(|error| format!("{LOCK}: {error}"))?;
    let mut findings = Vec::new();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in &lock.package {
        let Package {
            name,
            version,
            source,
        } = package;
        versions.entry(name).or_default().push(version);
        for (_, reason) in REFUSED.iter().filter(|row| row.0 == name) {
            let message = format!("`{name}` {version} is refused: {reason}");
            findings.push(Finding::new(
                LOCK,
                line_of_package(text, name),
                "refused",
                message,
            ));
        }
        if source.as_deref().is_some_and(|source| source != CRATES_IO) {
            let message = format!("`{name}` {version} does not come from crates.io");
            findings.push(Finding::new(
                LOCK,
                line_of_package(text, name),
                "source",
                message,
            ));
        }
    }
    for name in SINGLE {
        if let Some(several) = versions.get(name).filter(|versions| versions.len() > 1) {
            let message = format!("`{name}` is there {} times: {several:?}", several.len());
            findings.push(Finding::new(
                LOCK,
                line_of_package(text, name),
                "twice",
                message,
            ));
        }
    }
    Ok(findings)
}

fn line_of_package(lock: &str, name: &str) -> usize {
    line_where(lock, |line| line == format!("name = \"{name}\""))
}

/// The number of the first such line, or 0.
fn line_where(text: &str, wanted: impl Fn(&str) -> bool) -> usize {
    text.lines()
        .position(|line| wanted(line.trim()))
        .map_or(0, |index| index + 1)
}

fn members(root: &str) -> Result<Vec<String>, String> {
    #[derive(Deserialize)]
    struct Root {
        workspace: Members,
    }
    #[derive(Deserialize)]
    struct Members {
        members: Vec<String>,
    }
    let root: Root = toml::from_str(root).map_err(|error| format!("{ROOT}: {error}"))?;
    Ok(root.workspace.members)
}

fn manifest(path: &str, text: &str) -> Result<Manifest, String> {
    let table: Table = toml::from_str(text).map_err(|error| format!("{path}: {error}"))?;
    let name = table.get("package").and_then(|package| package.get("name"));
    let name = name
        .and_then(toml::Value::as_str)
        .ok_or(format!("{path}: no package name"))?;
    let linted = table.get("lints").and_then(|lints| lints.get("workspace"));
    Ok(Manifest {
        path: path.to_owned(),
        name: name.to_owned(),
        linted: linted.and_then(toml::Value::as_bool) == Some(true),
        dependencies: dependencies(&table, text),
    })
}

/// The dependencies of all kinds, those for one target included.
fn dependencies(manifest: &Table, text: &str) -> Vec<Dependency> {
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let per_target = targets
        .into_iter()
        .flatten()
        .filter_map(|(_, target)| target.as_table());
    let mut found = Vec::new();
    for table in std::iter::once(manifest).chain(per_target) {
        for section in SECTIONS {
            let lines = table.get(*section).and_then(toml::Value::as_table);
            for (key, value) in lines.into_iter().flatten() {
                found.push(dependency(section, key, value, text));
            }
        }
    }
    found
}

fn dependency(section: &str, key: &str, value: &toml::Value, text: &str) -> Dependency {
    let inherited = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
    // A renamed dependency is judged by the name of its package.
    let name = value
        .get("package")
        .and_then(toml::Value::as_str)
        .unwrap_or(key);
    let begins = |line: &str| {
        let rest = line.strip_prefix(key).unwrap_or_default();
        rest.starts_with('.') || rest.trim_start().starts_with('=')
    };
    let features = value
        .get("features")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten();
    Dependency {
        name: name.to_owned(),
        inherited,
        dev: section == "dev-dependencies",
        features: features
            .filter_map(|feature| Some(feature.as_str()?.to_owned()))
            .collect(),
        line: line_where(text, begins),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(name: &str, rest: &str) -> Manifest {
        let text = format!("[package]\nname = \"{name}\"\n[lints]\nworkspace = true\n{rest}");
        manifest("x/Cargo.toml", &text).expect("a manifest")
    }

    fn rules_broken(manifests: &[Manifest]) -> Vec<&'static str> {
        check_manifests(manifests)
            .iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn an_arrow_up_is_found_with_its_line_and_an_arrow_down_is_fine() {
        let chat = parsed("tenancy-chat", "[dependencies]\nbilling.workspace = true\n");
        let billing = parsed("billing", "[dependencies]\nkernel.workspace = true\n");
        let kernel = parsed("kernel", "");
        let found = check_manifests(&[chat, billing, kernel]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rule, found[0].line), ("direction", 6));
    }

    #[test]
    fn dev_dependencies_obey_the_table() {
        let store = parsed(
            "tenancy-store",
            "[dev-dependencies]\ntenancy-chat.workspace = true\n",
        );
        assert_eq!(
            rules_broken(&[store, parsed("tenancy-chat", "")]),
            ["direction"]
        );
    }

    #[test]
    fn features_for_tests_are_asked_for_by_the_tests_crate_too() {
        let line = "tokio = { workspace = true, features = [\"test-util\"] }\n";
        let store = || parsed("tenancy-store", &format!("[dev-dependencies]\n{line}"));
        assert_eq!(rules_broken(&[store()]), ["features"]);
        let tests = parsed(TESTS, &format!("[dependencies]\n{line}"));
        assert!(rules_broken(&[store(), tests]).is_empty());
    }

    #[test]
    fn a_library_with_a_home_is_refused_elsewhere_and_under_any_name() {
        let renamed = "[dependencies]\nweb = { version = \"4\", package = \"actix-web\" }\n";
        assert_eq!(
            rules_broken(&[parsed("tenancy-chat", renamed)]),
            ["version", "home"]
        );
        let at_home = "[dependencies]\nactix-web.workspace = true\n";
        assert!(rules_broken(&[parsed("api-http", at_home)]).is_empty());
        let in_tests = "[dev-dependencies]\nreqwest.workspace = true\nsqlx.workspace = true\n";
        assert_eq!(rules_broken(&[parsed("billing", in_tests)]), ["home"]);
        let target = "[target.'cfg(unix)'.dependencies]\nsqlx.workspace = true\n";
        assert_eq!(rules_broken(&[parsed("billing", target)]), ["home"]);
    }

    #[test]
    fn a_crate_needs_a_row_and_the_lints() {
        assert_eq!(rules_broken(&[parsed("newcomer", "")]), ["no-row"]);
        let bare = manifest("x/Cargo.toml", "[package]\nname = \"billing\"\n").expect("a manifest");
        assert_eq!(rules_broken(&[bare]), ["no-lints"]);
    }

    #[test]
    fn the_lock_holds_one_tls_stack_from_one_source() {
        let lock = format!(
            "[[package]]\nname = \"openssl-sys\"\nversion = \"0.9.1\"\nsource = \"{CRATES_IO}\"\n\
             [[package]]\nname = \"rustls\"\nversion = \"0.22.0\"\n\
             [[package]]\nname = \"rustls\"\nversion = \"0.23.0\"\n\
             [[package]]\nname = \"left\"\nversion = \"1.0.0\"\nsource = \"git+https://x.y/z\"\n"
        );
        let found = check_lock(&lock).expect("a lock file");
        let rules: Vec<_> = found
            .iter()
            .map(|finding| (finding.rule, finding.line))
            .collect();
        assert_eq!(rules, [("refused", 2), ("source", 12), ("twice", 6)]);
    }

    #[test]
    fn members_come_from_the_root() {
        let root = "[workspace]\nmembers = [\"infra/kernel\", \"billing\"]\n";
        assert_eq!(members(root).expect("members"), ["infra/kernel", "billing"]);
    }
}
