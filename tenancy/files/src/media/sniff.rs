//! The content type of a file by its first bytes, never by its name or by what a client says.
//!
//! What this product shows inside a page (pictures, video, sound) is recognised here by strict
//! rules; everything else is a file that is only ever downloaded, whatever it is called. SVG, HTML
//! and XML are such files: a browser would run what is in them.

use tenancy_model::FileKind;

mod container;

/// Bytes from the beginning that [`sniff`] wants; fewer only where the file is shorter.
pub const HEAD_BYTES: usize = 4096;

/// What the first bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sniffed {
    /// A media type, such as `image/png`; `application/octet-stream` when nothing is known.
    pub content_type: &'static str,
    /// Never [`FileKind::Folder`]. Pictures that nothing here decodes are [`FileKind::File`].
    pub kind: FileKind,
}

impl Sniffed {
    const fn image(content_type: &'static str) -> Self {
        Self {
            content_type,
            kind: FileKind::Image,
        }
    }

    const fn video(content_type: &'static str) -> Self {
        Self {
            content_type,
            kind: FileKind::Video,
        }
    }

    const fn audio(content_type: &'static str) -> Self {
        Self {
            content_type,
            kind: FileKind::Audio,
        }
    }

    const fn file(content_type: &'static str) -> Self {
        Self {
            content_type,
            kind: FileKind::File,
        }
    }

    /// Whether a browser may show it inside a page of ours. Anything else is an attachment.
    #[must_use]
    pub fn may_be_inline(&self) -> bool {
        INLINE.contains(&self.content_type)
    }
}

/// Types that a browser shows and does not execute.
pub const INLINE: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
];

/// The type of a file that begins with `head` ([`HEAD_BYTES`], or the whole of a shorter file).
#[must_use]
pub fn sniff(head: &[u8]) -> Sniffed {
    let head = head.get(..HEAD_BYTES).unwrap_or(head);
    picture(head)
        .or_else(|| container::recognise(head))
        .or_else(|| markup(head))
        .or_else(|| mp3(head).then_some(Sniffed::audio("audio/mpeg")))
        .or_else(|| known(head))
        .unwrap_or_else(|| {
            Sniffed::file(if is_text(head) {
                "text/plain"
            } else {
                "application/octet-stream"
            })
        })
}

fn picture(head: &[u8]) -> Option<Sniffed> {
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(Sniffed::image("image/png"))
    } else if head.starts_with(b"\xff\xd8\xff") {
        Some(Sniffed::image("image/jpeg"))
    } else if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        Some(Sniffed::image("image/gif"))
    } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        Some(Sniffed::image("image/webp"))
    } else {
        None
    }
}

/// Text that a browser would run.
fn markup(head: &[u8]) -> Option<Sniffed> {
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    if !text.starts_with(b"<") {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if contains(&lower, b"<svg") {
        Some(Sniffed::file("image/svg+xml"))
    } else if lower.starts_with(b"<!doctype html")
        || contains(&lower, b"<html")
        || infer::text::is_html(text)
    {
        Some(Sniffed::file("text/html"))
    } else {
        lower
            .starts_with(b"<?xml")
            .then_some(Sniffed::file("text/xml"))
    }
}

/// An ID3 tag, or two frames of MPEG layer III one after the other: a single frame header is eleven
/// bits, which random bytes have too.
fn mp3(head: &[u8]) -> bool {
    if head.starts_with(b"ID3") {
        return true;
    }
    mp3_frame_bytes(head)
        .and_then(|length| mp3_frame_bytes(head.get(length..)?))
        .is_some()
}

fn mp3_frame_bytes(frame: &[u8]) -> Option<usize> {
    const KBITS: [[u32; 14]; 2] = [
        [
            32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        ],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    const HERTZ: [u32; 3] = [44_100, 48_000, 32_000];
    let [0xff, second, third, ..] = *frame else {
        return None;
    };
    let layer_three = second & 0xe6 == 0xe2;
    // Versions: 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5; 1 does not exist.
    let (table, samples, divide) = match (second >> 3) & 3 {
        3 => (KBITS[0], 144, 1),
        2 => (KBITS[1], 72, 2),
        0 => (KBITS[1], 72, 4),
        _ => return None,
    };
    let kbits = table.get(usize::from(third >> 4).checked_sub(1)?)?;
    let hertz = HERTZ.get(usize::from((third >> 2) & 3))? / divide;
    let padding = u32::from((third >> 1) & 1);
    let length = usize::try_from(samples * kbits * 1000 / hertz + padding).ok()?;
    layer_three.then_some(length)
}

/// What the library of types knows. Its pictures are files here: nothing decodes them. Its looser
/// rules never make anything inline.
fn known(head: &[u8]) -> Option<Sniffed> {
    let found = infer::get(head)?;
    let content_type = found.mime_type();
    if INLINE.contains(&content_type) {
        return None;
    }
    Some(match found.matcher_type() {
        infer::MatcherType::Video => Sniffed::video(content_type),
        infer::MatcherType::Audio => Sniffed::audio(content_type),
        _ => Sniffed::file(content_type),
    })
}

/// UTF-8 without control characters other than those of lines; the last character may be cut.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            let (valid, _) = head.split_at(error.valid_up_to());
            std::str::from_utf8(valid).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let unfit = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    !text.is_empty() && !text.contains(unfit)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests;
