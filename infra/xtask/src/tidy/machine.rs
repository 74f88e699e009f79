//! Nothing in the repository names the machine it was written on: no path of it, and no host that
//! packages were downloaded from. The paths are those of the machine that runs the check, which is
//! where they would leak from.

use std::env;
use std::path::Path;

use crate::finding::Finding;
use crate::workspace::TextFile;

/// A path with fewer parts is too common a word to be looked for.
const PARTS_MIN: usize = 2;
/// Words of package mirrors. In pieces, so that this file does not contain them.
const MIRRORS: &[&str] = &[concat!("arti", "factory"), concat!("verd", "accio")];
/// The start of a line that names where a package came from, by file name.
const ORIGINS: &[(&str, &str)] = &[
    ("package-lock.json", "\"resolved\": \"http"),
    (".npmrc", "registry"),
    ("config.toml", "[source."),
    ("config.toml", "[registries."),
];

/// What must not be named.
pub(super) struct Machine {
    paths: Vec<String>,
}

impl Machine {
    /// The machine this runs on.
    pub(super) fn here(root: &Path) -> Self {
        let mut paths = vec![root.to_string_lossy().into_owned()];
        paths.extend(
            ["HOME", "CARGO_TARGET_DIR", "CARGO_HOME"]
                .map(env::var)
                .into_iter()
                .flatten(),
        );
        Self::of(&paths)
    }

    fn of(paths: &[String]) -> Self {
        let parts = |path: &str| path.split('/').filter(|part| !part.is_empty()).count();
        let mut paths: Vec<String> = paths
            .iter()
            .filter(|path| path.starts_with('/') && parts(path) >= PARTS_MIN)
            .map(|path| path.trim_end_matches('/').to_owned())
            .collect();
        paths.sort();
        paths.dedup();
        Self { paths }
    }

    pub(super) fn check(&self, file: &TextFile) -> Vec<Finding> {
        let lines = file.text.lines().enumerate();
        let found = lines.filter_map(|(index, line)| {
            let what = self.what_leaks(&file.path, line)?;
            Some(Finding::new(&file.path, index + 1, "machine", what))
        });
        found.collect()
    }

    fn what_leaks(&self, path: &str, line: &str) -> Option<&'static str> {
        if self.paths.iter().any(|leak| names_path(line, leak)) {
            return Some("names a path of this machine");
        }
        if MIRRORS
            .iter()
            .any(|mirror| line.to_ascii_lowercase().contains(mirror))
        {
            return Some("names a mirror of a package registry");
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let origin = ORIGINS
            .iter()
            .find(|(file, start)| *file == name && line.trim_start().starts_with(start));
        origin.map(|_| "names where packages were downloaded from")
    }
}

/// Whether `line` names `path` itself or something below it, and not merely a longer name.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + path.len()..].chars().next();
        let goes_on =
            |letter: Option<char>| letter.is_some_and(|l| l.is_alphanumeric() || l == '-');
        !goes_on(before) && !goes_on(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaks(path: &str, text: &str) -> bool {
        let machine = Machine::of(&["/opt/mine".to_owned(), "/src".to_owned()]);
        let file = TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        !machine.check(&file).is_empty()
    }

    #[test]
    fn paths_of_the_machine_are_found_and_longer_names_are_not() {
        assert!(leaks("a.md", "see /opt/mine/README"));
        assert!(leaks("a.md", "cd /opt/mine"));
        assert!(!leaks("a.md", "https://a.example/opt/mine-shaft"));
        assert!(!leaks("a.md", "COPY . /src"), "one part is too common");
    }

    #[test]
    fn origins_of_packages_are_found() {
        assert!(leaks(
            "frontend/package-lock.json",
            "  \"resolved\": \"https://r.example/a.tgz\","
        ));
        assert!(leaks("frontend/.npmrc", "registry=https://r.example"));
        assert!(!leaks(
            "frontend/.npmrc",
            "omit-lockfile-registry-resolved=true"
        ));
        assert!(leaks(
            "a.md",
            &format!("https://r.example/{}/x", MIRRORS[0])
        ));
    }
}
