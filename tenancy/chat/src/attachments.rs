//! What a message carries besides its text: files, and a folder of files (MSG-06 to MSG-09).

use std::collections::HashSet;

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use tenancy_access::required_line;
use tenancy_model::{
    Attachment, ErrorCode, FileId, FileKind, Problem,
    limits::{ATTACHMENTS_MAX, FILE_NAME_CHARS_MAX, FOLDER_DEPTH_MAX, FOLDER_FILES_MAX},
};

/// The files of a message on its way: own, ready, part of no message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendFiles {
    /// One by one, in the order they are shown.
    pub attachments: Vec<FileId>,
    /// As one folder.
    pub folder: Option<SendFolder>,
}

/// A directory that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendFolder {
    /// Its name, one line.
    pub name: String,
    /// Its files, each with its path below it.
    pub files: Vec<(FileId, String)>,
}

/// What a message says of its files, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub(crate) struct Attachments(pub(crate) Vec<Attachment>);

impl SendFiles {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.attachments.is_empty() && self.folder.is_none()
    }

    /// Every file, those of the folder too.
    pub(crate) fn ids(&self) -> impl Iterator<Item = FileId> {
        let inside = self.folder.iter().flat_map(|folder| &folder.files);
        let inside = inside.map(|(id, _)| *id);
        self.attachments.iter().copied().chain(inside)
    }

    /// Whether a message that says this carries the same files: then a retry is no other message.
    /// (A folder's own id is made with its message; its name and the number of its files tell.)
    pub(crate) fn are(&self, said: &[Attachment]) -> bool {
        let (folders, files): (Vec<_>, Vec<_>) = said
            .iter()
            .partition(|attachment| attachment.kind == FileKind::Folder);
        let same_files = files
            .iter()
            .map(|attachment| attachment.id)
            .eq(self.attachments.iter().copied());
        let same_folder = match (folders.as_slice(), &self.folder) {
            ([], None) => true,
            ([said], Some(folder)) => {
                let files = said.files.and_then(|n| usize::try_from(n).ok());
                said.name == folder.name && files == Some(folder.files.len())
            }
            _ => false,
        };
        same_files && same_folder
    }

    /// The same with clean names, within every bound.
    ///
    /// # Errors
    /// `TOO_MANY`, `TOO_LONG`, `TOO_DEEP`, each with the limit; `REQUIRED`, `INVALID_INPUT`.
    pub(crate) fn checked(mut self) -> Result<Self, Problem> {
        let count = self.attachments.len() + usize::from(self.folder.is_some());
        if count > ATTACHMENTS_MAX {
            return Err(too_many("attachmentIds", ATTACHMENTS_MAX, count));
        }
        if let Some(folder) = &mut self.folder {
            folder.name = required_line("folder", &folder.name, FILE_NAME_CHARS_MAX)?;
            if folder.files.is_empty() {
                return Err(Problem::field(ErrorCode::Required, "folder"));
            }
            if folder.files.len() > FOLDER_FILES_MAX {
                return Err(too_many("folder", FOLDER_FILES_MAX, folder.files.len()));
            }
            for (_, path) in &folder.files {
                check_path(path)?;
            }
        }
        let mut seen = HashSet::new();
        if !self.ids().all(|id| seen.insert(id)) {
            return Err(Problem::field(ErrorCode::InvalidInput, "attachmentIds"));
        }
        Ok(self)
    }
}

fn too_many(field: &'static str, limit: usize, used: usize) -> Problem {
    let problem = Problem::field(ErrorCode::TooMany, field);
    problem.limit(limit as u64).used(used as u64)
}

/// A path below the folder: it names nothing outside of it, on no system.
fn check_path(path: &str) -> Result<(), Problem> {
    let chars = path.chars().count();
    if chars > FILE_NAME_CHARS_MAX {
        let problem = Problem::field(ErrorCode::TooLong, "folder");
        return Err(problem.limit(FILE_NAME_CHARS_MAX as u64).used(chars as u64));
    }
    let mut depth = 0;
    for segment in path.split('/') {
        let strange = |c: char| c.is_control() || c == '\\';
        if matches!(segment.trim(), "" | "." | "..") || segment.contains(strange) {
            return Err(Problem::field(ErrorCode::InvalidInput, "folder"));
        }
        depth += 1;
    }
    if depth > FOLDER_DEPTH_MAX {
        let problem = Problem::field(ErrorCode::TooDeep, "folder");
        return Err(problem.limit(FOLDER_DEPTH_MAX as u64).used(depth as u64));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::{ManualClock, SeededRng};

    use super::*;

    fn ids(count: usize) -> Vec<FileId> {
        let (clock, rng) = (ManualClock::default(), SeededRng::new(1));
        (0..count).map(|_| FileId::new(&clock, &rng)).collect()
    }

    fn folder(paths: &[&str]) -> SendFiles {
        let files = ids(paths.len());
        let files = files.into_iter().zip(paths.iter().map(|p| (*p).to_owned()));
        SendFiles {
            attachments: Vec::new(),
            folder: Some(SendFolder {
                name: "  may  ".to_owned(),
                files: files.collect(),
            }),
        }
    }

    fn code(files: SendFiles) -> Option<(ErrorCode, Option<u64>)> {
        let problem = files.checked().err()?;
        Some((problem.code, problem.limit))
    }

    #[test]
    fn a_message_carries_few_files_and_each_once() {
        let many = |count| SendFiles {
            attachments: ids(count),
            folder: None,
        };
        assert_eq!(code(many(ATTACHMENTS_MAX)), None);
        let nine = Some((ErrorCode::TooMany, Some(9)));
        assert_eq!(code(many(ATTACHMENTS_MAX + 1)), nine);
        let with_folder = SendFiles {
            folder: folder(&["a"]).folder,
            ..many(ATTACHMENTS_MAX)
        };
        assert_eq!(code(with_folder), nine);
        let twice = SendFiles {
            attachments: [ids(1), ids(1)].concat(),
            folder: None,
        };
        assert_eq!(code(twice), Some((ErrorCode::InvalidInput, None)));
    }

    // covers: MSG-09
    #[test]
    fn a_folder_names_nothing_outside_of_itself() {
        let good = folder(&["a.txt", "报告/五月 1.pdf", "a/.b/...c"]);
        assert_eq!(good.checked().unwrap().folder.unwrap().name, "may");
        for bad in [
            "", "/a", "a//b", "a/", "..", "a/../b", "./a", "a\\b", "a\0b", "a/ /b",
        ] {
            let told = code(folder(&[bad]));
            assert_eq!(told, Some((ErrorCode::InvalidInput, None)), "{bad:?}");
        }
        let deep = vec!["d"; FOLDER_DEPTH_MAX + 1].join("/");
        assert_eq!(code(folder(&[&deep])), Some((ErrorCode::TooDeep, Some(16))));
        let long = "x".repeat(FILE_NAME_CHARS_MAX + 1);
        assert_eq!(
            code(folder(&[&long])),
            Some((ErrorCode::TooLong, Some(255)))
        );
        assert_eq!(code(folder(&[])), Some((ErrorCode::Required, None)));
        let many = vec!["a"; FOLDER_FILES_MAX + 1];
        assert_eq!(code(folder(&many)), Some((ErrorCode::TooMany, Some(1_000))));
    }
}
