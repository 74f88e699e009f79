//! Randomness as a parameter: the operating system's in production, a seed in tests.

use parking_lot::Mutex;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// A source of random bytes. The production source is fit for keys, codes and tokens.
pub trait Rng: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Rng {
    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A number below `bound` (which is at least 1), without modulo bias.
    #[must_use]
    pub fn below(&self, bound: u32) -> u32 {
        let bound = bound.max(1);
        let zone = u32::MAX - (u32::MAX % bound);
        loop {
            let n = u32::from_le_bytes(self.bytes());
            if n < zone {
                return n % bound;
            }
        }
    }

    /// `length` characters out of `alphabet` (ASCII, not empty).
    #[must_use]
    pub fn text(&self, alphabet: &[u8], length: usize) -> String {
        let bound = u32::try_from(alphabet.len()).unwrap_or(u32::MAX);
        (0..length)
            .filter_map(|_| {
                alphabet
                    .get(self.below(bound) as usize)
                    .map(|byte| char::from(*byte))
            })
            .collect()
    }
}

/// The operating system's generator, through a reseeding user-space one per thread.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// The same bytes for the same seed.
#[derive(Debug)]
pub struct SeededRng(Mutex<StdRng>);

impl SeededRng {
    /// Starts the sequence that belongs to `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself() {
        let (a, b): (Box<dyn Rng>, Box<dyn Rng>) =
            (Box::new(SeededRng::new(7)), Box::new(SeededRng::new(7)));
        assert_eq!(a.bytes::<32>(), b.bytes::<32>());
    }

    #[test]
    fn text_uses_only_its_alphabet() {
        let rng: Box<dyn Rng> = Box::new(SeededRng::new(1));
        let code = rng.text(b"0123456789", 6);
        assert_eq!(code.len(), 6);
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
    }
}
