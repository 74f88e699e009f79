//! Pictures as cameras, phones and attackers make them, and what is stored of them.

mod hostile;

use std::io::Cursor;

use image::codecs::gif::{GifDecoder, GifEncoder};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{
    AnimationDecoder as _, Delay, Frame, ImageEncoder as _, Rgb, RgbImage, Rgba, RgbaImage,
};

use super::*;

const RED: Rgb<u8> = Rgb([220, 20, 20]);
const BLUE: Rgb<u8> = Rgb([20, 20, 220]);

/// Left half red, right half blue.
fn flag(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

/// What a phone writes: orientation 6 (to be turned clockwise), and where it was.
fn exif() -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS 48.2082N 16.3738E");
    exif
}

fn holds_a_place(bytes: &[u8]) -> bool {
    bytes
        .windows(4)
        .any(|window| window == b"GPS " || window == b"Exif" || window == b"EXIF")
}

fn pictures() -> Pictures {
    Pictures::new(PictureLimits::default())
}

async fn prepared(bytes: Vec<u8>) -> Prepared {
    pictures().prepare(bytes.into()).await.expect("a picture")
}

fn opened(rendered: &Rendered) -> RgbaImage {
    image::load_from_memory(&rendered.bytes)
        .expect("a picture")
        .into_rgba8()
}

fn is_near(pixel: Rgba<u8>, colour: Rgb<u8>) -> bool {
    pixel
        .0
        .iter()
        .zip(colour.0)
        .all(|(one, other)| one.abs_diff(other) < 24)
}

// covers: MSG-07
#[tokio::test]
async fn a_phone_s_picture_stands_upright_and_does_not_tell_where_it_was_taken() {
    let picture = flag(1000, 600);
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 95);
    encoder.set_exif_metadata(exif()).expect("metadata");
    picture.write_with_encoder(encoder).expect("a JPEG");
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_exif_metadata(exif()).expect("metadata");
    picture.write_with_encoder(encoder).expect("a PNG");
    let mut webp = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut webp);
    encoder.set_exif_metadata(exif()).expect("metadata");
    picture.write_with_encoder(encoder).expect("a WebP");
    for (bytes, content_type) in [
        (jpeg, "image/jpeg"),
        (png, "image/png"),
        (webp, "image/webp"),
    ] {
        assert!(holds_a_place(&bytes), "{content_type}");
        let Prepared {
            picture,
            thumbnail,
            blur,
        } = prepared(bytes).await;
        assert_eq!(picture.content_type, content_type);
        for rendered in [&picture, &thumbnail] {
            assert!(!holds_a_place(&rendered.bytes), "{content_type}");
            let image = opened(rendered);
            assert_eq!(
                (image.width(), image.height()),
                (rendered.width, rendered.height)
            );
            assert!(is_near(*image.get_pixel(10, 10), RED), "{content_type}");
            assert!(
                is_near(*image.get_pixel(10, rendered.height - 10), BLUE),
                "{content_type}"
            );
        }
        assert_eq!((picture.width, picture.height), (600, 1000));
        assert_eq!((thumbnail.width, thumbnail.height), (384, 640));
        assert_eq!(thumbnail.content_type, "image/jpeg");
        assert!((8..=40).contains(&blur.len()), "{blur}");
    }
}

// covers: MSG-07
#[tokio::test]
async fn bytes_behind_the_end_of_a_picture_and_in_its_comments_are_not_kept() {
    let picture = flag(40, 30);
    for format in [
        image::ImageFormat::Jpeg,
        image::ImageFormat::Png,
        image::ImageFormat::WebP,
    ] {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("a picture");
        let mut bytes = bytes.into_inner();
        bytes.extend_from_slice(b"<script>GPS </script>");
        let prepared = prepared(bytes).await;
        assert!(!holds_a_place(&prepared.picture.bytes), "{format:?}");
        assert_eq!((prepared.picture.width, prepared.picture.height), (40, 30));
        // A small picture is not blown up.
        assert_eq!(
            (prepared.thumbnail.width, prepared.thumbnail.height),
            (40, 30)
        );
    }
}

// covers: MSG-07
#[tokio::test]
async fn what_is_transparent_stays_so() {
    let picture = RgbaImage::from_pixel(700, 700, Rgba([0, 128, 0, 64]));
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a PNG");
    let prepared = prepared(bytes.into_inner()).await;
    assert_eq!(opened(&prepared.picture), picture);
    assert_eq!(prepared.thumbnail.content_type, "image/png");
    assert_eq!(opened(&prepared.thumbnail).get_pixel(320, 320).0[3], 64);
}

// covers: MSG-07
#[tokio::test]
async fn an_animation_keeps_its_frames_their_times_and_their_colours() {
    let colours = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]];
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder
        .set_repeat(image::codecs::gif::Repeat::Infinite)
        .expect("repeat");
    for (number, colour) in (1..).zip(colours) {
        let image = RgbaImage::from_pixel(32, 16, Rgba(colour));
        let delay = Delay::from_numer_denom_ms(number * 100, 1);
        encoder
            .encode_frame(Frame::from_parts(image, 0, 0, delay))
            .expect("a frame");
    }
    drop(encoder);
    // A comment before the end.
    let end = bytes.pop();
    bytes.extend_from_slice(b"\x21\xfe\x15GPS 48.2082N 16.3738E\0");
    bytes.extend(end);
    let prepared = prepared(bytes).await;
    assert!(!holds_a_place(&prepared.picture.bytes));
    assert_eq!(prepared.picture.content_type, "image/gif");
    let decoder = GifDecoder::new(Cursor::new(&prepared.picture.bytes)).expect("a GIF");
    assert!(matches!(
        decoder.loop_count(),
        image::metadata::LoopCount::Infinite
    ));
    let frames = decoder.into_frames().collect_frames().expect("frames");
    let found = frames.iter().map(|frame| frame.buffer().get_pixel(5, 5).0);
    assert_eq!(found.collect::<Vec<_>>(), colours);
    let times = frames.iter().map(|frame| frame.delay().numer_denom_ms().0);
    assert_eq!(times.collect::<Vec<_>>(), [100, 200, 300]);
    assert!(is_near(
        *opened(&prepared.thumbnail).get_pixel(5, 5),
        Rgb([254, 0, 0])
    ));
}

// covers: MSG-07
#[tokio::test]
async fn the_colours_of_a_phone_s_profile_are_kept_without_the_profile() {
    let p3 = moxcms::ColorProfile::new_display_p3()
        .encode()
        .expect("a profile");
    let picture = RgbImage::from_pixel(64, 64, Rgb([200, 100, 50]));
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(p3).expect("a profile");
    picture.write_with_encoder(encoder).expect("a PNG");
    let prepared = prepared(bytes).await;
    // The same light in sRGB has more red and less blue.
    let Rgba([red, green, blue, _]) = *opened(&prepared.picture).get_pixel(9, 9);
    assert!(
        red > 205 && green < 100 && blue < 46,
        "{red} {green} {blue}"
    );
    assert!(
        !prepared
            .picture
            .bytes
            .windows(4)
            .any(|window| window == b"iCCP")
    );
}

// covers: DIR-56
#[tokio::test]
async fn an_avatar_is_the_square_that_was_chosen() {
    let mut bytes = Cursor::new(Vec::new());
    flag(1000, 600)
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .expect("a JPEG");
    let bytes = Bytes::from(bytes.into_inner());
    for (x, colour) in [(0, RED), (500, BLUE)] {
        let crop = Crop {
            x,
            y: 100,
            size: 500,
        };
        let avatar = pictures()
            .avatar(bytes.clone(), crop)
            .await
            .expect("an avatar");
        assert_eq!((avatar.width, avatar.height), (AVATAR_SIDE, AVATAR_SIDE));
        assert_eq!(avatar.content_type, "image/jpeg");
        let image = opened(&avatar);
        for at in [2, 128, 253] {
            assert!(is_near(*image.get_pixel(at, at), colour));
        }
    }
    for (x, y, size) in [(0, 0, 0), (501, 0, 500), (0, 101, 500), (u32::MAX, 0, 2)] {
        let refused = pictures().avatar(bytes.clone(), Crop { x, y, size }).await;
        let expected = matches!(
            refused,
            Err(PictureError::CropOutside {
                width: 1000,
                height: 600
            })
        );
        assert!(expected, "{x} {y} {size}");
    }
}
