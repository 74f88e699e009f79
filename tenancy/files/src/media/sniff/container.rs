//! Containers of sound and video: which of their many relatives a file is.

use super::Sniffed;

/// ISO media files (MP4, QuickTime, HEIF), Matroska, Ogg, FLAC and WAV.
pub(super) fn recognise(head: &[u8]) -> Option<Sniffed> {
    if head.get(4..8) == Some(b"ftyp") {
        return iso_media(head.get(8..12)?);
    }
    if head.starts_with(b"\x1a\x45\xdf\xa3") {
        return matroska(head);
    }
    if head.starts_with(b"OggS") {
        return Some(ogg(head));
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WAVE") {
        return Some(Sniffed::audio("audio/wav"));
    }
    head.starts_with(b"fLaC")
        .then_some(Sniffed::audio("audio/flac"))
}

/// By the major brand. HEIF and AVIF are files: nothing here decodes them.
fn iso_media(brand: &[u8]) -> Option<Sniffed> {
    Some(match brand {
        b"qt  " => Sniffed::video("video/quicktime"),
        b"M4A " | b"M4B " | b"M4P " => Sniffed::audio("audio/mp4"),
        b"avif" | b"avis" => Sniffed::file("image/avif"),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1" => {
            Sniffed::file("image/heic")
        }
        [b'3', b'g', b'p', _] => Sniffed::video("video/3gpp"),
        [b'3', b'g', b'2', _] => Sniffed::video("video/3gpp2"),
        [b'i', b's', b'o', _] | [b'm', b'p', b'4', _] | [b'M', b'4', b'V', _] => {
            Sniffed::video("video/mp4")
        }
        b"avc1" | b"dash" | b"MSNV" | b"mmp4" | b"f4v " | b"F4V " => Sniffed::video("video/mp4"),
        _ => return None,
    })
}

/// By the document type in the EBML header, which is its element 0x4282.
fn matroska(head: &[u8]) -> Option<Sniffed> {
    let header = head.get(..256).unwrap_or(head);
    let at = header.windows(2).position(|id| id == b"\x42\x82")?;
    match header.get(at + 3..)? {
        kind if kind.starts_with(b"webm") => Some(Sniffed::video("video/webm")),
        kind if kind.starts_with(b"matroska") => Some(Sniffed::video("video/x-matroska")),
        _ => None,
    }
}

/// By the first packet, which names the codec and begins where the only segment table entry ends.
fn ogg(head: &[u8]) -> Sniffed {
    match head.get(28..).unwrap_or_default() {
        packet if packet.starts_with(b"\x01vorbis") => Sniffed::audio("audio/ogg"),
        packet if packet.starts_with(b"OpusHead") => Sniffed::audio("audio/ogg"),
        packet if packet.starts_with(b"Speex   ") => Sniffed::audio("audio/ogg"),
        packet if packet.starts_with(b"\x7fFLAC") => Sniffed::audio("audio/ogg"),
        packet if packet.starts_with(b"\x80theora") => Sniffed::video("video/ogg"),
        _ => Sniffed::file("application/ogg"),
    }
}
