//! Names that are safe to unpack on any system: relative, below the folder, without characters that
//! Windows refuses or that a screen would not show, and each one once.

use std::collections::HashSet;

/// Longest part of a path, as file systems have it.
const PART_BYTES_MAX: usize = 200;
/// Parts of a path; of a deeper one the last parts are kept.
const PARTS_MAX: usize = 32;
const NAMELESS: &str = "file";
/// Windows opens devices by these names, whatever follows the first dot.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The names given so far. Names that differ in case alone are one on many systems, and are one
/// here.
#[derive(Debug, Default)]
pub struct SafeNames {
    files: HashSet<String>,
    folders: HashSet<String>,
}

impl SafeNames {
    /// A safe path out of `path`, with `/` between its parts, that was not given before.
    pub fn claim(&mut self, path: &str) -> String {
        let mut parts: Vec<String> = path.split(['/', '\\']).filter_map(safe_part).collect();
        let name = parts.pop().unwrap_or_else(|| NAMELESS.to_owned());
        let begin = parts.len().saturating_sub(PARTS_MAX - 1);
        let mut folder = String::new();
        for part in parts.drain(begin..) {
            folder.push_str(&part);
            // A file has this name already.
            while self.files.contains(&folder.to_lowercase()) {
                folder.push('_');
            }
            self.folders.insert(folder.to_lowercase());
            folder.push('/');
        }
        let (stem, extension) = match name.rfind('.') {
            Some(dot) if dot > 0 => name.split_at(dot),
            _ => (name.as_str(), ""),
        };
        let mut candidate = format!("{folder}{name}");
        let mut number = 2_u32;
        while !self.insert(&candidate) {
            candidate = format!("{folder}{stem} ({number}){extension}");
            number += 1;
        }
        candidate
    }

    fn insert(&mut self, candidate: &str) -> bool {
        let key = candidate.to_lowercase();
        !self.folders.contains(&key) && self.files.insert(key)
    }
}

/// `None` for parts that name no place of their own: empty, `.` and `..`.
fn safe_part(part: &str) -> Option<String> {
    let shown = part.chars().filter(|c| !c.is_control() && !is_hidden(*c));
    let safe: String = shown
        .map(|c| {
            if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
                '_'
            } else {
                c
            }
        })
        .collect();
    // Windows drops dots and spaces at the end.
    let safe = cut(safe.trim_start().trim_end_matches([' ', '.']));
    if safe.is_empty() {
        return None;
    }
    let stem = safe
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_lowercase();
    let device = DEVICES.contains(&stem.as_str());
    Some(if device { format!("_{safe}") } else { safe })
}

/// Marks that turn the direction of writing, which make `fdp.exe` of `exe.pdf`, and the like.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
}

/// No longer than [`PART_BYTES_MAX`], with its extension.
fn cut(part: &str) -> String {
    if part.len() <= PART_BYTES_MAX {
        return part.to_owned();
    }
    let dot = part
        .rfind('.')
        .filter(|dot| *dot > 0 && part.len() - dot <= 16);
    let extension = dot.map_or("", |dot| &part[dot..]);
    let end = part.floor_char_boundary(PART_BYTES_MAX - extension.len());
    format!("{}{extension}", part[..end].trim_end_matches([' ', '.']))
}
