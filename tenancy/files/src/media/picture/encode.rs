//! From pixels to files, without a word about where they came from.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageError};

use super::{PictureError, Rendered};

/// Of a picture that was a JPEG.
pub(super) const PICTURE_QUALITY: u8 = 90;
/// Of thumbnails and avatars.
const SMALL_QUALITY: u8 = 82;
/// The thumbhash is made of no more.
const BLUR_SIDE: u32 = 100;

pub(super) fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    match image {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => {
            image.write_with_encoder(encoder).map_err(fault)?;
        }
        other => other.to_rgb8().write_with_encoder(encoder).map_err(fault)?,
    }
    Ok(bytes)
}

pub(super) fn png(image: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    image
        .write_with_encoder(PngEncoder::new(&mut bytes))
        .map_err(fault)?;
    Ok(bytes)
}

pub(super) fn webp(image: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    image.write_with_encoder(encoder).map_err(fault)?;
    Ok(bytes)
}

/// A small picture: JPEG, or PNG where something is transparent.
pub(super) fn shown(image: DynamicImage) -> Result<Rendered, PictureError> {
    let (width, height) = (image.width(), image.height());
    let (bytes, content_type) = if is_transparent(&image) {
        (
            png(&DynamicImage::ImageRgba8(image.into_rgba8()))?,
            "image/png",
        )
    } else {
        (jpeg(&image, SMALL_QUALITY)?, "image/jpeg")
    };
    Ok(Rendered {
        bytes: bytes.into(),
        content_type,
        width,
        height,
    })
}

fn is_transparent(image: &DynamicImage) -> bool {
    image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX)
}

/// The thumbhash of a small picture, in base64.
pub(super) fn blur(image: &DynamicImage) -> String {
    let tiny = if image.width().max(image.height()) > BLUR_SIDE {
        image.thumbnail(BLUR_SIDE, BLUR_SIDE).into_rgba8()
    } else {
        image.to_rgba8()
    };
    let (width, height) = (tiny.width() as usize, tiny.height() as usize);
    STANDARD.encode(thumbhash::rgba_to_thumb_hash(width, height, tiny.as_raw()))
}

fn fault(error: ImageError) -> PictureError {
    PictureError::Broken(error.to_string())
}
