//! A WebP rebuilt out of the chunks that are pictures (RFC 9649): EXIF, XMP, profiles, chunks that
//! nobody knows and whatever stands behind its end stay away.

use super::{PictureError, PictureLimits, decode::check_dimensions};

const ANIMATED: u8 = 1 << 1;
const ALPHA: u8 = 1 << 4;
/// A frame's place, size and duration, before its own chunks.
const FRAME_HEAD_BYTES: usize = 16;

/// The rebuilt file.
#[derive(Debug)]
pub(super) enum Kept {
    Still(Vec<u8>),
    Animated(Vec<u8>),
}

/// The same picture or animation. A file whose chunks are not whole is refused.
pub(super) fn without_metadata(bytes: &[u8], limits: &PictureLimits) -> Result<Kept, PictureError> {
    let length = bytes.get(4..8).and_then(number).unwrap_or_default();
    let body = bytes
        .get(12..length.saturating_add(8).min(bytes.len()))
        .ok_or_else(broken)?;
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    let mut animation = Animation::default();
    for chunk in chunks(body) {
        let (name, content) = chunk?;
        match name {
            b"VP8X" => {
                let mut head = content.to_vec();
                *head.first_mut().ok_or_else(broken)? &= ANIMATED | ALPHA;
                put(&mut out, name, &head)?;
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" => put(&mut out, name, content)?,
            b"ANMF" => {
                animation.count(content, limits)?;
                put(&mut out, name, &frame(content)?)?;
            }
            _ => {}
        }
    }
    let length = u32::try_from(out.len() - 8).map_err(|_| broken())?;
    out.splice(4..8, length.to_le_bytes());
    Ok(if animation.frames > 0 {
        Kept::Animated(out)
    } else {
        Kept::Still(out)
    })
}

#[derive(Default)]
struct Animation {
    frames: usize,
    pixels: u64,
}

impl Animation {
    fn count(&mut self, frame: &[u8], limits: &PictureLimits) -> Result<(), PictureError> {
        let side = |at: usize| {
            let digits = frame.get(at..at + 3)?;
            Some(
                digits
                    .iter()
                    .rev()
                    .fold(0, |n, digit| n << 8 | u32::from(*digit))
                    + 1,
            )
        };
        let (width, height) = side(6).zip(side(9)).ok_or_else(broken)?;
        check_dimensions((width, height), limits)?;
        self.frames += 1;
        self.pixels += u64::from(width) * u64::from(height);
        if self.frames > limits.frames_max || self.pixels > limits.animation_pixels_max {
            return Err(PictureError::TooLarge {
                width,
                height,
                frames: self.frames,
            });
        }
        Ok(())
    }
}

fn frame(content: &[u8]) -> Result<Vec<u8>, PictureError> {
    let (head, body) = content
        .split_at_checked(FRAME_HEAD_BYTES)
        .ok_or_else(broken)?;
    let mut out = head.to_vec();
    for chunk in chunks(body) {
        let (name, content) = chunk?;
        if matches!(name, b"VP8 " | b"VP8L" | b"ALPH") {
            put(&mut out, name, content)?;
        }
    }
    Ok(out)
}

/// Name and content of one chunk after the other.
fn chunks(mut rest: &[u8]) -> impl Iterator<Item = Result<(&[u8; 4], &[u8]), PictureError>> {
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let chunk = first_chunk(rest);
        // After a broken one there is nothing to find.
        rest = chunk.map_or(&[], |(_, _, after)| after);
        Some(
            chunk
                .map(|(name, content, _)| (name, content))
                .ok_or_else(broken),
        )
    })
}

fn first_chunk(rest: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (name, after) = rest.split_first_chunk::<4>()?;
    let (length, after) = after.split_at_checked(4)?;
    let (content, after) = after.split_at_checked(number(length)?)?;
    // Chunks begin at even places.
    let padding = content.len() % 2;
    Some((name, content, after.get(padding..).unwrap_or_default()))
}

fn put(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) -> Result<(), PictureError> {
    let length = u32::try_from(content.len()).map_err(|_| broken())?;
    out.extend_from_slice(name);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(content);
    if content.len() % 2 == 1 {
        out.push(0);
    }
    Ok(())
}

fn number(digits: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(digits.try_into().ok()?)).ok()
}

fn broken() -> PictureError {
    PictureError::Broken("its chunks are not whole".to_owned())
}
