//! The root of the repository and the text files in it, without asking git, so that a file counts
//! before it is committed and an unpacked archive can be tested too.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what was downloaded or built.
const BUILT: &[&str] = &[
    "target",
    "node_modules",
    "dist",
    "shots",
    "test-results",
    ".git",
];
/// No text of ours is larger; what is, is data and skipped.
const TEXT_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The repository on this machine.
pub(crate) struct Workspace {
    root: PathBuf,
}

/// One text file.
pub(crate) struct TextFile {
    /// Path from the root, with forward slashes.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) text: String,
}

impl Workspace {
    /// The workspace that Cargo runs this program for. Asked for now and not when it was built: two
    /// checkouts may share a target folder, and with it this very binary.
    pub(crate) fn find() -> Result<Self, String> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let manifest = manifest.ok_or("run it as `cargo xtask`")?;
        let root = manifest
            .ancestors()
            .nth(2)
            .ok_or("infra/xtask has no root above it")?;
        if !root.join("Cargo.toml").is_file() {
            return Err(format!("{} holds no Cargo.toml", root.display()));
        }
        Ok(Self {
            root: root.to_owned(),
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// What is in a file; an error that names it if it cannot be read.
    pub(crate) fn read(&self, relative: &str) -> Result<String, String> {
        fs::read_to_string(self.path(relative)).map_err(|error| format!("{relative}: {error}"))
    }

    /// The names at the top level, sorted, without what was built.
    pub(crate) fn top_level(&self) -> Result<Vec<String>, String> {
        Ok(entries(&self.root)?
            .into_iter()
            .map(|entry| entry.1)
            .collect())
    }

    /// Every text file, sorted by path, without what was downloaded, built or is the local data of
    /// `make run`.
    pub(crate) fn text_files(&self) -> Result<Vec<TextFile>, String> {
        let mut files = Vec::new();
        for (path, name) in entries(&self.root)? {
            if !name.starts_with("data") {
                self.collect(&path, &mut files)?;
            }
        }
        Ok(files)
    }

    fn collect(&self, path: &Path, files: &mut Vec<TextFile>) -> Result<(), String> {
        let metadata = fs::symlink_metadata(path).map_err(|error| named(path, &error))?;
        if metadata.is_dir() {
            for (child, _) in entries(path)? {
                self.collect(&child, files)?;
            }
        } else if metadata.is_file() && metadata.len() <= TEXT_BYTES_MAX {
            let bytes = fs::read(path).map_err(|error| named(path, &error))?;
            let relative = path.strip_prefix(&self.root).unwrap_or(path);
            if let Ok(text) = String::from_utf8(bytes) {
                let path = relative.to_string_lossy().replace('\\', "/");
                files.push(TextFile { path, text });
            }
        }
        Ok(())
    }
}

/// What is in a folder, sorted by name, without what was built and without logs.
fn entries(folder: &Path) -> Result<Vec<(PathBuf, String)>, String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| named(folder, &error))? {
        let entry = entry.map_err(|error| named(folder, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !BUILT.contains(&name.as_str()) && !name.ends_with(".log") {
            found.push((entry.path(), name));
        }
    }
    found.sort();
    Ok(found)
}

fn named(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
