//! Pictures that are made to do harm: bombs, lies about dimensions, and rubbish.

use super::*;

/// A PNG of one bit a pixel, all of them black, whose compressed data are really there.
fn black_png(width: u32, height: u32, extra: &[u8]) -> Vec<u8> {
    let data = zeros_packed((1 + width.div_ceil(8) as usize) * height as usize);
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend_from_slice(&[1, 0, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    put_chunk(&mut png, b"IHDR", &header);
    png.extend_from_slice(extra);
    put_chunk(&mut png, b"IDAT", &data);
    put_chunk(&mut png, b"IEND", &[]);
    png
}

/// A zlib stream that unpacks to `bytes` zeros and some more: one zero, then over and over a block
/// that repeats it six times 258 times and fills eleven bytes exactly.
fn zeros_packed(bytes: usize) -> Vec<u8> {
    let bits = format!("010{}0000000", "1100010100000".repeat(6));
    let block = bits.as_bytes().chunks(8);
    let block: Vec<u8> = block
        .map(|bits| {
            bits.iter()
                .rev()
                .fold(0, |byte, bit| byte << 1 | (bit - b'0'))
        })
        .collect();
    let blocks = bytes / (6 * 258) + 1;
    let mut packed = b"\x78\x01\0\x01\0\xfe\xff\0".to_vec();
    packed.extend(block.repeat(blocks));
    // The end, and the sum of so many zeros.
    let zeros = (1 + blocks * 6 * 258) % 65_521;
    let sum = u32::try_from(zeros).expect("a small number") << 16 | 1;
    packed.extend_from_slice(b"\x03\0");
    packed.extend_from_slice(&sum.to_be_bytes());
    packed
}

fn put_chunk(png: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    let length = u32::try_from(content.len()).expect("a length");
    png.extend_from_slice(&length.to_be_bytes());
    let begin = png.len();
    png.extend_from_slice(name);
    png.extend_from_slice(content);
    let sum = crc32fast::hash(&png[begin..]);
    png.extend_from_slice(&sum.to_be_bytes());
}

async fn refused(bytes: Vec<u8>) -> PictureError {
    pictures()
        .prepare(bytes.into())
        .await
        .expect_err("a refusal")
}

// covers: MSG-07
#[tokio::test]
async fn a_picture_of_30000_pixels_is_refused_by_its_header() {
    let png = black_png(30_000, 30_000, &[]);
    assert!(
        png.len() < 1_000_000,
        "a bomb: 112 megabytes of pixels in {}",
        png.len()
    );
    let error = refused(png.clone()).await;
    let told = matches!(
        error,
        PictureError::TooLarge {
            width: 30_000,
            height: 30_000,
            frames: 1
        }
    );
    assert!(told, "{error}");
    // Nothing behind the header was looked at.
    let error = refused(png[..33].to_vec()).await;
    assert!(matches!(error, PictureError::TooLarge { .. }), "{error}");
    let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\x75\x30\x75\x30\x03".to_vec();
    let webp = b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x2f\x75\0\x2f\x75\0".to_vec();
    let gif = b"GIF89a\x30\x75\x30\x75\0\0\0".to_vec();
    for picture in [jpeg, webp, gif] {
        let error = refused(picture).await;
        let told = matches!(
            error,
            PictureError::TooLarge {
                width: 30_000,
                height: 30_000,
                ..
            }
        );
        assert!(told, "{error}");
    }
}

// covers: MSG-07
#[tokio::test]
async fn the_bounds_are_sides_pixels_and_decoded_bytes() {
    for (width, height) in [(16_385, 1), (1, 16_385), (10_000, 5_001)] {
        let error = refused(black_png(width, height, &[])).await;
        assert!(
            matches!(error, PictureError::TooLarge { .. }),
            "{width} {height} {error}"
        );
    }
    for (width, height) in [(16_384, 1), (1, 16_384)] {
        prepared(black_png(width, height, &[])).await;
    }
    let limits = PictureLimits {
        decoded_bytes_max: 99,
        ..PictureLimits::default()
    };
    let small = Bytes::from(black_png(10, 10, &[]));
    let error = Pictures::new(limits)
        .prepare(small)
        .await
        .expect_err("a refusal");
    assert!(
        matches!(
            error,
            PictureError::TooLarge {
                width: 10,
                height: 10,
                ..
            }
        ),
        "{error}"
    );
}

/// The most memory that this process ever had.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .expect("a peak");
    let kib = line.split_whitespace().nth(1).expect("a number");
    kib.parse::<u64>().expect("a number") / 1024
}

// covers: MSG-07
#[tokio::test]
async fn a_profile_that_unpacks_to_two_gigabytes_is_not_unpacked() {
    let profile = [b"bomb\0\0".to_vec(), zeros_packed(2 << 30)].concat();
    let mut chunk = Vec::new();
    put_chunk(&mut chunk, b"iCCP", &profile);
    let prepared = prepared(black_png(10, 10, &chunk)).await;
    assert_eq!((prepared.picture.width, prepared.picture.height), (10, 10));
    assert!(
        prepared.picture.bytes.len() < 1000,
        "shown without its profile"
    );
    assert!(peak_mib() < 400, "{} MiB", peak_mib());
}

// covers: MSG-07
#[tokio::test]
async fn an_animation_of_too_many_frames_or_pixels_is_refused() {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
    for _ in 0..12 {
        let image = RgbaImage::from_pixel(20, 10, Rgba([9, 9, 9, 255]));
        encoder.encode_frame(Frame::new(image)).expect("a frame");
    }
    drop(encoder);
    let bytes = Bytes::from(bytes);
    let limits = PictureLimits::default();
    for (limits, expected) in [
        (
            PictureLimits {
                frames_max: 11,
                ..limits
            },
            12,
        ),
        (
            PictureLimits {
                animation_pixels_max: 1999,
                ..limits
            },
            10,
        ),
    ] {
        let error = Pictures::new(limits)
            .prepare(bytes.clone())
            .await
            .expect_err("a refusal");
        let PictureError::TooLarge { frames, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(frames, expected);
    }
    pictures()
        .prepare(bytes)
        .await
        .expect("an animation within the bounds");
}

// covers: MSG-07
#[tokio::test]
async fn rubbish_and_halves_of_pictures_are_refused_or_shown_and_never_more() {
    let mut files = Vec::new();
    for format in [
        image::ImageFormat::Jpeg,
        image::ImageFormat::Png,
        image::ImageFormat::WebP,
        image::ImageFormat::Gif,
    ] {
        let mut bytes = Cursor::new(Vec::new());
        flag(50, 40)
            .write_to(&mut bytes, format)
            .expect("a picture");
        files.push(bytes.into_inner());
    }
    let pictures = pictures();
    for file in files {
        for cut in 0..file.len().min(400) {
            let mut broken = file[..cut].to_vec();
            // An end in the middle; and a wrong byte in the middle.
            let _ = pictures.prepare(broken.clone().into()).await;
            broken.extend_from_slice(&[0xff]);
            broken.extend_from_slice(&file[(cut + 1).min(file.len())..]);
            if let Ok(prepared) = pictures.prepare(broken.into()).await {
                assert!(prepared.picture.width <= 16_384);
            }
        }
    }
    for rubbish in [
        &b""[..],
        b"\x89PNG\r\n\x1a\n",
        b"<svg/>",
        b"\xff\xd8\xff",
        b"GIF89a",
    ] {
        let error = refused(rubbish.to_vec()).await;
        assert!(matches!(error, PictureError::Broken(_)), "{error}");
    }
}

/// Two chunks of a frame within a WebP animation, one of them metadata.
// covers: MSG-07
#[test]
fn an_animated_webp_keeps_its_frames_and_nothing_else() {
    let mut still = Vec::new();
    flag(8, 8)
        .write_with_encoder(WebPEncoder::new_lossless(&mut still))
        .expect("a WebP");
    let picture = &still[12..];
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len())
            .expect("a length")
            .to_le_bytes();
        let padding = vec![0; content.len() % 2];
        [&name[..], &length, content, &padding].concat()
    };
    let frame = [&[0; 6][..], &[7, 0, 0, 7, 0, 0], &[100, 0, 0, 0], picture].concat();
    let hidden = [&frame[..], &chunk(b"EXIF", b"GPS 48N")].concat();
    let body = |frame: &[u8], more: &[u8], flags: u8| {
        let head = [flags, 0, 0, 0, 7, 0, 0, 7, 0, 0];
        let mut file = [
            &b"RIFF\0\0\0\0WEBP"[..],
            &chunk(b"VP8X", &head),
            &chunk(b"ANIM", &[0; 6]),
            &chunk(b"ANMF", frame),
            &chunk(b"ANMF", frame),
            more,
        ]
        .concat();
        let length = u32::try_from(file.len() - 8).expect("a length");
        file[4..8].copy_from_slice(&length.to_le_bytes());
        file
    };
    let tail = [chunk(b"EXIF", b"GPS 48N 16E"), chunk(b"XMP ", b"<x/>")].concat();
    let full = [&body(&hidden, &tail, 0b10_1110)[..], b"behind the end"].concat();
    let limits = PictureLimits::default();
    let webp::Kept::Animated(kept) = webp::without_metadata(&full, &limits).expect("kept") else {
        panic!("not animated");
    };
    assert_eq!(kept, body(&frame, &[], 0b10));
    let few = PictureLimits {
        frames_max: 1,
        ..limits
    };
    let error = webp::without_metadata(&full, &few).expect_err("a refusal");
    assert!(
        matches!(error, PictureError::TooLarge { frames: 2, .. }),
        "{error}"
    );
}
