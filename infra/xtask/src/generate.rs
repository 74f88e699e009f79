//! `cargo xtask gen`: everything that is generated, from its one source. The `hansa` binary prints
//! the GraphQL schemas and the example configuration; the frontend's code generator reads the
//! schemas. `--check` leaves the tree as it is and names what is not current.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::workspace::Workspace;

/// Arguments of `hansa` and the file that keeps what it prints.
const PRINTED: &[(&[&str], &str)] = &[
    (&["schema", "tenant"], "api/graphql/schema/tenant.graphql"),
    (
        &["schema", "platform"],
        "api/graphql/schema/platform.graphql",
    ),
    (&["config", "example"], "infra/deploy/hansa.example.toml"),
];
const FRONTEND: &str = "frontend";
/// What the frontend's generator writes.
const TYPES: &str = "frontend/src/gql";

/// Writes what is not current, or names it and returns `false` when `check` is set.
pub(crate) fn run(workspace: &Workspace, check: bool) -> Result<bool, String> {
    let hansa = build(workspace)?;
    let mut changed = Vec::new();
    for (arguments, path) in PRINTED {
        let printed = print(&hansa, workspace, arguments)?;
        if workspace.read(path).ok().as_deref() != Some(printed.as_str()) {
            changed.push((*path).to_owned());
            if !check {
                write(&workspace.path(path), &printed)?;
            }
        }
    }
    changed.extend(types(workspace, check)?);
    for path in &changed {
        println!("{path}: {}", if check { "not current" } else { "written" });
    }
    match (changed.is_empty(), check) {
        (true, _) => println!("gen: everything is current"),
        (false, true) => println!("gen: run `make gen` and commit"),
        (false, false) => {}
    }
    Ok(!check || changed.is_empty())
}

/// Builds the `hansa` binary; where it is.
fn build(workspace: &Workspace) -> Result<PathBuf, String> {
    // No `--package`: the features are then those of the workspace, and nothing is built twice.
    let mut cargo = Command::new(env!("CARGO"));
    // `cargo xtask` says which package it runs; the cargo under it would take that for a change of
    // what build scripts read (`ring` reads it), and compile half of everything again.
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    let output = cargo
        .args(["build", "--quiet", "--bin", "hansa"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(workspace.root())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo build: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "`cargo build --bin hansa` failed: {}",
            output.status
        ));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let path = executable(&messages).ok_or("cargo build named no binary `hansa`")?;
    Ok(PathBuf::from(path))
}

/// The program that Cargo says it built.
fn executable(messages: &str) -> Option<String> {
    messages.lines().rev().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(message.get("executable")?.as_str()?.to_owned())
    })
}

/// What the `hansa` binary prints for these arguments.
fn print(hansa: &Path, workspace: &Workspace, arguments: &[&str]) -> Result<String, String> {
    let what = format!("hansa {}", arguments.join(" "));
    let output = Command::new(hansa)
        .args(arguments)
        .current_dir(workspace.root())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{what}: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{what}` failed: {}", output.status));
    }
    let printed = String::from_utf8(output.stdout).map_err(|error| format!("{what}: {error}"))?;
    if printed.trim().is_empty() {
        return Err(format!("`{what}` printed nothing"));
    }
    Ok(printed)
}

/// Runs the frontend's generator; returns what it changed, and takes that back when `check` is set.
fn types(workspace: &Workspace, check: bool) -> Result<Vec<String>, String> {
    let folder = workspace.path(FRONTEND);
    if !folder.join("node_modules").is_dir() {
        return Err("frontend/node_modules is missing: run `npm ci` in frontend".to_owned());
    }
    let root = workspace.path(TYPES);
    let before = contents(&root)?;
    let output = Command::new("npm")
        .args(["run", "--silent", "codegen"])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("npm: {error}"))?;
    let after = contents(&root)?;
    let changed = differing(&before, &after);
    if check || !output.status.success() {
        restore(&before, &after)?;
    }
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(format!(
            "`npm run codegen` failed:\n{}",
            String::from_utf8_lossy(&said)
        ));
    }
    let relative = |path: &PathBuf| {
        path.strip_prefix(workspace.root())
            .unwrap_or(path)
            .to_owned()
    };
    Ok(changed
        .iter()
        .map(|path| relative(path).to_string_lossy().into_owned())
        .collect())
}

/// Every file below a folder.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| named(&folder, &error))? {
            let path = entry.map_err(|error| named(&folder, &error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).map_err(|error| named(&path, &error))?;
                files.insert(path, bytes);
            }
        }
    }
    Ok(files)
}

/// The files that are new, gone or different, sorted.
fn differing(
    before: &BTreeMap<PathBuf, Vec<u8>>,
    after: &BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<PathBuf> {
    let gone = before.keys().filter(|path| !after.contains_key(*path));
    let others = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(*bytes));
    let mut paths: Vec<PathBuf> = gone.chain(others.map(|(path, _)| path)).cloned().collect();
    paths.sort();
    paths
}

fn restore(
    before: &BTreeMap<PathBuf, Vec<u8>>,
    after: &BTreeMap<PathBuf, Vec<u8>>,
) -> Result<(), String> {
    for path in differing(before, after) {
        let done = match before.get(&path) {
            Some(bytes) => fs::write(&path, bytes),
            None => fs::remove_file(&path),
        };
        done.map_err(|error| named(&path, &error))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| named(folder, &error))?;
    }
    fs::write(path, text).map_err(|error| named(path, &error))
}

fn named(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(rows: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
        rows.iter()
            .map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn the_binary_is_the_one_that_cargo_names() {
        let messages = "{\"reason\":\"compiler-artifact\",\"executable\":null}\n\
                        {\"reason\":\"compiler-artifact\",\"executable\":\"/t/debug/hansa\"}\n\
                        {\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(executable(messages).as_deref(), Some("/t/debug/hansa"));
        assert_eq!(executable(""), None);
    }

    #[test]
    fn new_gone_and_different_files_differ() {
        let before = files(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let after = files(&[("a", "1"), ("b", "2"), ("d", "1")]);
        let names = ["b", "c", "d"].map(PathBuf::from);
        assert_eq!(differing(&before, &after), names);
        assert!(differing(&after, &after).is_empty());
    }
}
