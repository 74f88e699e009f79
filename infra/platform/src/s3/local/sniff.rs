//! Which stored files a browser may show: images, audio and video, told by their first bytes, never
//! by what somebody said they are. SVG is not among them: it can carry scripts.

/// Bytes that are looked at.
pub(super) const HEAD_BYTES: usize = 16;

/// The type of a file that is safe to show, by its first bytes.
pub(super) fn inline_type(head: &[u8]) -> Option<&'static str> {
    let four = |at: usize| head.get(at..at + 4).unwrap_or_default();
    Some(match head {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', ..] if four(8) == b"WEBP" => "image/webp",
        [b'R', b'I', b'F', b'F', ..] if four(8) == b"WAVE" => "audio/wav",
        [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => "audio/mpeg",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        [0x1a, 0x45, 0xdf, 0xa3, ..] => "video/webm",
        _ if four(4) == b"ftyp" => match four(8) {
            b"avif" => "image/avif",
            b"M4A " => "audio/mp4",
            b"isom" | b"iso2" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V " => {
                "video/mp4"
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// The disposition that is answered: what was signed, but a file that is not safe to show is always
/// saved.
pub(super) fn disposition(signed: Option<&str>, is_safe: bool) -> Option<String> {
    match signed {
        _ if is_safe => signed.map(str::to_owned),
        None => Some("attachment".to_owned()),
        Some(text) => {
            let parameters = text
                .split_once(';')
                .map_or("", |(_, parameters)| parameters);
            let separator = if parameters.is_empty() { "" } else { ";" };
            Some(format!("attachment{separator}{parameters}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_and_sound_are_shown() {
        assert_eq!(inline_type(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(inline_type(b"RIFF....WEBPVP8 "), Some("image/webp"));
        assert_eq!(inline_type(b"....ftypisom...."), Some("video/mp4"));
        for head in [
            &b"<svg xmlns="[..],
            b"<html>",
            b"%PDF-1.7",
            b"",
            b"RIFF",
            b"....ftypqt  ",
        ] {
            assert_eq!(inline_type(head), None);
        }
    }

    #[test]
    fn what_is_not_safe_is_saved_whatever_was_signed() {
        let signed = Some("inline; filename*=UTF-8''a.html");
        let saved = Some("attachment; filename*=UTF-8''a.html".to_owned());
        assert_eq!(disposition(signed, false), saved);
        assert_eq!(disposition(None, false), Some("attachment".to_owned()));
        assert_eq!(
            disposition(Some("inline"), false),
            Some("attachment".to_owned())
        );
        assert_eq!(disposition(signed, true), signed.map(str::to_owned));
    }
}
