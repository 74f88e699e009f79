//! Pictures: decoded within bounds, turned upright, and encoded anew, so that nothing of a file but
//! its pixels is kept (no EXIF, no place where it was taken, no bytes behind the end), with a
//! thumbnail and a blur to show before it is loaded.
//!
//! A picture's dimensions are read from its header before anything is decoded; one beyond
//! [`PictureLimits`] is refused at the cost of its header. JPEG stays JPEG and PNG stays PNG (of an
//! animated PNG its first picture); an animated GIF or WebP keeps its frames as they are stored.
//! The colours of a profile are turned into sRGB, since the profile goes too.

mod animation;
mod colour;
mod decode;
mod encode;
mod header;
mod webp;

use std::sync::Arc;

use bytes::Bytes;
use image::DynamicImage;
use thiserror::Error;
use tokio::sync::Semaphore;

use super::sniff::sniff;
use decode::Decoded;

/// Longest side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 640;
/// Side of an avatar or a company's image, in pixels.
pub const AVATAR_SIDE: u32 = 256;
/// Pictures decoded at once in a process.
pub const DECODERS_MAX: usize = 2;

/// What is refused.
#[derive(Debug, Clone, Copy)]
pub struct PictureLimits {
    /// Longest side, in pixels.
    pub side_max: u32,
    /// Width times height.
    pub pixels_max: u64,
    /// Bytes of the decoded picture: a picture of 16 bits a channel has twice as many as its pixels
    /// tell.
    pub decoded_bytes_max: u64,
    /// Frames of an animation.
    pub frames_max: usize,
    /// Pixels of all frames of an animation.
    pub animation_pixels_max: u64,
}

impl Default for PictureLimits {
    fn default() -> Self {
        Self {
            side_max: 16_384,
            pixels_max: 50_000_000,
            decoded_bytes_max: 256 * 1024 * 1024,
            frames_max: 1_000,
            animation_pixels_max: 200_000_000,
        }
    }
}

/// An encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The file.
    pub bytes: Bytes,
    /// `image/jpeg`, `image/png`, `image/gif` or `image/webp`.
    pub content_type: &'static str,
    /// Pixels, as it is shown.
    pub width: u32,
    /// Pixels, as it is shown.
    pub height: u32,
}

/// What is stored of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// In place of what was uploaded.
    pub picture: Rendered,
    /// No side longer than [`THUMBNAIL_SIDE`]: JPEG, or PNG where something is transparent.
    pub thumbnail: Rendered,
    /// A thumbhash in base64, at most 40 characters.
    pub blur: String,
}

/// A square of an upright picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// Of its left side.
    pub x: u32,
    /// Of its upper side.
    pub y: u32,
    /// Of each side; at least 1.
    pub size: u32,
}

/// Why there is no picture.
#[derive(Debug, Error)]
pub enum PictureError {
    /// Beyond [`PictureLimits`]: refused.
    #[error("a picture of {width} x {height} pixels in {frames} frames is too large")]
    TooLarge {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
        /// 1 for a still picture.
        frames: usize,
    },
    /// No decoder can make a picture of it: refused.
    #[error("not a picture that can be decoded: {0}")]
    Broken(String),
    /// The crop has no pixels, or some that are not in the picture: refused.
    #[error("the crop is not within the picture of {width} x {height} pixels")]
    CropOutside {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The process ends: to be tried again.
    #[error("the picture was not finished")]
    Stopped,
}

/// The decoders of a process: they work on threads of their own, [`DECODERS_MAX`] at once.
#[derive(Debug, Clone)]
pub struct Pictures {
    decoders: Arc<Semaphore>,
    limits: PictureLimits,
}

impl Pictures {
    /// Decoders that refuse what is beyond `limits`. One for the process; clones share the bound.
    #[must_use]
    pub fn new(limits: PictureLimits) -> Self {
        Self {
            decoders: Arc::new(Semaphore::new(DECODERS_MAX)),
            limits,
        }
    }

    /// What is stored of the picture in `bytes`: PNG, JPEG, GIF or WebP by its own beginning.
    ///
    /// # Errors
    /// As [`PictureError`] says.
    pub async fn prepare(&self, bytes: Bytes) -> Result<Prepared, PictureError> {
        self.work(move |limits| prepare(&bytes, &limits)).await
    }

    /// An avatar or a company's image out of a square of the picture in `bytes`: a square of
    /// [`AVATAR_SIDE`] pixels, JPEG, or PNG where something is transparent.
    ///
    /// # Errors
    /// As [`PictureError`] says.
    pub async fn avatar(&self, bytes: Bytes, crop: Crop) -> Result<Rendered, PictureError> {
        self.work(move |limits| avatar(&bytes, crop, &limits)).await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(PictureLimits) -> Result<T, PictureError> + Send + 'static,
    ) -> Result<T, PictureError> {
        let permit = Arc::clone(&self.decoders).acquire_owned().await;
        let permit = permit.map_err(|_| PictureError::Stopped)?;
        let limits = self.limits;
        let working = tokio::task::spawn_blocking(move || {
            // Held by the thread, not by who waits: a caller that goes away frees no decoder.
            let _permit = permit;
            work(limits)
        });
        match working.await {
            Ok(done) => done,
            Err(error) if error.is_panic() => {
                Err(PictureError::Broken("its decoder failed".to_owned()))
            }
            Err(_) => Err(PictureError::Stopped),
        }
    }
}

fn prepare(bytes: &[u8], limits: &PictureLimits) -> Result<Prepared, PictureError> {
    let content_type = sniff(bytes).content_type;
    let Decoded {
        image,
        turned,
        recoloured,
    } = decode::decode(content_type, bytes, limits)?;
    let (width, height) = (image.width(), image.height());
    let (bytes, content_type) = match content_type {
        "image/gif" => (animation::gif(bytes, limits)?, content_type),
        // Its bytes are kept, since there is no encoder for what a camera makes; pixels that
        // changed are encoded anew, without loss.
        "image/webp" => match webp::without_metadata(bytes, limits)? {
            webp::Kept::Still(_) if turned || recoloured => (encode::webp(&image)?, content_type),
            webp::Kept::Still(kept) | webp::Kept::Animated(kept) => (kept, content_type),
        },
        "image/png" => (encode::png(&image)?, content_type),
        _ => (encode::jpeg(&image, encode::PICTURE_QUALITY)?, "image/jpeg"),
    };
    let picture = Rendered {
        bytes: bytes.into(),
        content_type,
        width,
        height,
    };
    let small = within(image, THUMBNAIL_SIDE);
    Ok(Prepared {
        picture,
        blur: encode::blur(&small),
        thumbnail: encode::shown(small)?,
    })
}

/// Scaled down, where it has a longer side.
fn within(image: DynamicImage, side: u32) -> DynamicImage {
    if image.width().max(image.height()) <= side {
        image
    } else {
        image.thumbnail(side, side)
    }
}

fn avatar(bytes: &[u8], crop: Crop, limits: &PictureLimits) -> Result<Rendered, PictureError> {
    let image = decode::decode(sniff(bytes).content_type, bytes, limits)?.image;
    let (width, height) = (image.width(), image.height());
    let inside = |from: u32, side: u32| from.checked_add(crop.size).is_some_and(|to| to <= side);
    if crop.size == 0 || !inside(crop.x, width) || !inside(crop.y, height) {
        return Err(PictureError::CropOutside { width, height });
    }
    let square = image.crop_imm(crop.x, crop.y, crop.size, crop.size);
    let filter = image::imageops::FilterType::Triangle;
    encode::shown(square.resize_exact(AVATAR_SIDE, AVATAR_SIDE, filter))
}

#[cfg(test)]
mod tests;
