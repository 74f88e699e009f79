//! A file is what it is, whatever it is called.

use super::*;

fn iso(brand: &[u8; 4]) -> Vec<u8> {
    [b"\0\0\0\x18ftyp", &brand[..], b"\0\0\0\0isomavc1"].concat()
}

fn mpeg_frames(count: usize) -> Vec<u8> {
    // MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame.
    let mut frame = vec![0; 417];
    frame[..4].copy_from_slice(b"\xff\xfb\x90\x00");
    frame.repeat(count)
}

// covers: MSG-07, MSG-36
#[test]
fn what_a_page_shows_is_recognised_by_its_bytes() {
    let webm = [&b"\x1a\x45\xdf\xa3\x93\x42\x82\x84webm"[..], &[0; 300]].concat();
    let opus = [&b"OggS"[..], &[0; 24], b"OpusHead"].concat();
    for (head, content_type, kind) in [
        (
            b"\x89PNG\r\n\x1a\n....".to_vec(),
            "image/png",
            FileKind::Image,
        ),
        (
            b"\xff\xd8\xff\xe1....".to_vec(),
            "image/jpeg",
            FileKind::Image,
        ),
        (b"GIF89a......".to_vec(), "image/gif", FileKind::Image),
        (
            b"RIFF\0\0\0\0WEBPVP8 ".to_vec(),
            "image/webp",
            FileKind::Image,
        ),
        (
            b"RIFF\0\0\0\0WAVEfmt ".to_vec(),
            "audio/wav",
            FileKind::Audio,
        ),
        (iso(b"isom"), "video/mp4", FileKind::Video),
        (iso(b"mp42"), "video/mp4", FileKind::Video),
        (webm, "video/webm", FileKind::Video),
        (opus, "audio/ogg", FileKind::Audio),
        (b"ID3\x04\0\0".to_vec(), "audio/mpeg", FileKind::Audio),
        (mpeg_frames(2), "audio/mpeg", FileKind::Audio),
    ] {
        let sniffed = sniff(&head);
        assert_eq!((sniffed.content_type, sniffed.kind), (content_type, kind));
        assert!(sniffed.may_be_inline(), "{content_type}");
    }
}

// covers: MSG-08
#[test]
fn what_a_browser_would_run_is_a_file_that_is_never_shown_inline() {
    for (text, content_type) in [
        (
            "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "image/svg+xml",
        ),
        (
            "\u{feff}  <?xml version='1.0'?><!-- --><SVG>",
            "image/svg+xml",
        ),
        ("\n<!DocType HTML><script>alert(1)</script>", "text/html"),
        ("<script >alert(1)</script>", "text/html"),
        (
            "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
            "text/html",
        ),
        ("<?xml version='1.0'?><note/>", "text/xml"),
        ("GIF8 <script>alert(1)</script>", "text/plain"),
    ] {
        let sniffed = sniff(text.as_bytes());
        assert_eq!(
            (sniffed.content_type, sniffed.kind),
            (content_type, FileKind::File),
            "{text}"
        );
        assert!(!sniffed.may_be_inline(), "{text}");
    }
}

// covers: MSG-08
#[test]
fn documents_and_pictures_that_nothing_decodes_are_files() {
    for (head, content_type) in [
        (b"%PDF-1.7".to_vec(), "application/pdf"),
        (b"PK\x03\x04\x14\0\0\0".to_vec(), "application/zip"),
        (iso(b"heic"), "image/heic"),
        (iso(b"avif"), "image/avif"),
        (b"II*\0\x08\0\0\0\x10\0\xfe\0".to_vec(), "image/tiff"),
        ("合同第一页\n".as_bytes().to_vec(), "text/plain"),
        (b"\0\x01\x02\x03".to_vec(), "application/octet-stream"),
        (Vec::new(), "application/octet-stream"),
        (mpeg_frames(1), "application/octet-stream"),
    ] {
        let sniffed = sniff(&head);
        assert_eq!(
            (sniffed.content_type, sniffed.kind),
            (content_type, FileKind::File)
        );
    }
}

#[test]
fn text_whose_last_character_is_cut_is_text() {
    let long = "好".repeat(HEAD_BYTES);
    assert_eq!(sniff(long.as_bytes()).content_type, "text/plain");
}
