//! The colours of a profile turned into sRGB: the profile is metadata and goes, the colours stay.
//! Phones take pictures in Display P3, which looks pale when its numbers are read as sRGB.

use image::DynamicImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};

/// A larger profile is not read; a camera's has a few kilobytes.
const PROFILE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Whether pixels were changed. A profile that is broken, or not one of red, green and blue,
/// changes none.
pub(super) fn to_srgb(image: &mut DynamicImage, profile: &[u8]) -> bool {
    if profile.len() > PROFILE_BYTES_MAX {
        return false;
    }
    let Ok(profile) = ColorProfile::new_from_slice(profile) else {
        return false;
    };
    if profile.color_space != DataColorSpace::Rgb {
        return false;
    }
    // Sixteen bits a channel become eight: enough for a screen, and one path.
    match image {
        DynamicImage::ImageRgb16(_) => *image = DynamicImage::ImageRgb8(image.to_rgb8()),
        DynamicImage::ImageRgba16(_) => *image = DynamicImage::ImageRgba8(image.to_rgba8()),
        _ => {}
    }
    let (layout, row, pixels): (_, _, &mut [u8]) = match image {
        DynamicImage::ImageRgb8(image) => (Layout::Rgb, image.width() * 3, image),
        DynamicImage::ImageRgba8(image) => (Layout::Rgba, image.width() * 4, image),
        _ => return false,
    };
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    match profile.create_transform_8bit(layout, &srgb, layout, options) {
        Ok(transform) => by_rows(&*transform, pixels, row as usize),
        Err(_) => false,
    }
}

fn by_rows(transform: &dyn TransformExecutor<u8>, pixels: &mut [u8], row: usize) -> bool {
    let mut from = vec![0; row];
    for pixels in pixels.chunks_exact_mut(row) {
        from.copy_from_slice(pixels);
        if transform.transform(&from, pixels).is_err() {
            return false;
        }
    }
    true
}
