//! From a file to pixels, upright and in sRGB, within the limits.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, Limits};

use super::{PictureError, PictureLimits, colour, header};

/// What a decoder may allocate beside the picture: its tables, and metadata that it unpacks before
/// the first pixel.
const DECODER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Pixels as they are shown.
pub(super) struct Decoded {
    pub(super) image: DynamicImage,
    /// Whether they stood in another order.
    pub(super) turned: bool,
    /// Whether they had other colours.
    pub(super) recoloured: bool,
}

/// 1. Read the dimensions from the header and compare them.
/// 2. Let the decoder read the header, and compare what it will allocate.
/// 3. Decode, within the decoder's own limits.
/// 4. Turn the colours into sRGB and the picture upright.
///
/// Of an animation this is the first frame.
pub(super) fn decode(
    content_type: &str,
    bytes: &[u8],
    limits: &PictureLimits,
) -> Result<Decoded, PictureError> {
    let size = header::dimensions(content_type, bytes);
    let size = size.ok_or_else(|| PictureError::Broken("no dimensions".to_owned()))?;
    check_dimensions(size, limits)?; // 1
    let file = Cursor::new(bytes);
    let mut tables = own_limits(limits);
    tables.max_alloc = Some(DECODER_BYTES_MAX);
    let fault = |error| fault(error, size);
    match content_type {
        "image/png" => pixels(
            PngDecoder::with_limits(file, tables).map_err(fault)?,
            size,
            limits,
        ),
        "image/jpeg" => pixels(JpegDecoder::new(file).map_err(fault)?, size, limits),
        "image/gif" => pixels(GifDecoder::new(file).map_err(fault)?, size, limits),
        _ => pixels(WebPDecoder::new(file).map_err(fault)?, size, limits),
    }
}

fn pixels(
    mut decoder: impl ImageDecoder,
    size: (u32, u32),
    limits: &PictureLimits,
) -> Result<Decoded, PictureError> {
    let fault = |error| fault(error, size);
    check_dimensions(decoder.dimensions(), limits)?;
    if decoder.total_bytes() > limits.decoded_bytes_max {
        return Err(too_large(size)); // 2
    }
    // A picture whose metadata is broken is shown as it stands.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    decoder.set_limits(own_limits(limits)).map_err(fault)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(fault)?; // 3
    let recoloured = profile.is_some_and(|profile| colour::to_srgb(&mut image, &profile));
    image.apply_orientation(orientation); // 4
    Ok(Decoded {
        image,
        turned: orientation != Orientation::NoTransforms,
        recoloured,
    })
}

pub(super) fn check_dimensions(
    (width, height): (u32, u32),
    limits: &PictureLimits,
) -> Result<(), PictureError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(PictureError::Broken("no pixels".to_owned()));
    }
    if width.max(height) > limits.side_max || pixels > limits.pixels_max {
        return Err(too_large((width, height)));
    }
    Ok(())
}

fn own_limits(limits: &PictureLimits) -> Limits {
    let mut own = Limits::default();
    own.max_image_width = Some(limits.side_max);
    own.max_image_height = Some(limits.side_max);
    own.max_alloc = Some(limits.decoded_bytes_max + DECODER_BYTES_MAX);
    own
}

fn too_large((width, height): (u32, u32)) -> PictureError {
    PictureError::TooLarge {
        width,
        height,
        frames: 1,
    }
}

fn fault(error: ImageError, size: (u32, u32)) -> PictureError {
    match error {
        ImageError::Limits(_) => too_large(size),
        other => PictureError::Broken(other.to_string()),
    }
}
