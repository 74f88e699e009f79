//! A GIF written anew frame by frame, with its colours as they are: comments, application data and
//! whatever stands behind its end stay away.

use std::io::Cursor;
use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, DecodingError, Encoder, EncodingError, MemoryLimit};

use super::{PictureError, PictureLimits};

/// The same animation. Its dimensions were compared before.
pub(super) fn gif(bytes: &[u8], limits: &PictureLimits) -> Result<Vec<u8>, PictureError> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.check_frame_consistency(true);
    if let Some(bytes) = NonZeroU64::new(limits.pixels_max) {
        options.set_memory_limit(MemoryLimit::Bytes(bytes));
    }
    let mut decoder = options.read_info(Cursor::new(bytes)).map_err(unreadable)?;
    let palette = decoder.global_palette().unwrap_or_default().to_vec();
    let (width, height) = (decoder.width(), decoder.height());
    let mut encoder = Encoder::new(Vec::new(), width, height, &palette).map_err(unwritable)?;
    let (mut frames, mut pixels) = (0, 0);
    while let Some(frame) = decoder.next_frame_info().map_err(unreadable)? {
        frames += 1;
        pixels += u64::from(frame.width) * u64::from(frame.height);
        if frames > limits.frames_max || pixels > limits.animation_pixels_max {
            let (width, height) = (width.into(), height.into());
            return Err(PictureError::TooLarge {
                width,
                height,
                frames,
            });
        }
        let mut frame = frame.clone();
        let mut indices = vec![0; decoder.buffer_size()];
        decoder.read_into_buffer(&mut indices).map_err(unreadable)?;
        if frames == 1 {
            // How often it repeats stands before the first frame.
            encoder.set_repeat(decoder.repeat()).map_err(unwritable)?;
        }
        frame.buffer = indices.into();
        // The decoder gives the rows in their order.
        frame.interlaced = false;
        encoder.write_frame(&frame).map_err(unwritable)?;
    }
    encoder
        .into_inner()
        .map_err(|error| PictureError::Broken(error.to_string()))
}

fn unreadable(error: DecodingError) -> PictureError {
    PictureError::Broken(error.to_string())
}

fn unwritable(error: EncodingError) -> PictureError {
    PictureError::Broken(error.to_string())
}
