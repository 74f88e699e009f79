//! One-time codes and tokens: drawn here, kept as SHA-256 only. Tokens have 256 bits, so a plain
//! hash is enough; a code has six digits and is worth something only together with its row's
//! limits.

use kernel::{Rng, Secret};
use sha2::{Digest as _, Sha256};

/// Bytes of a token.
const TOKEN_BYTES: usize = 32;
/// Digits of a code.
const CODE_DIGITS: usize = 6;

/// A token of 64 hexadecimal digits.
pub(crate) fn token(rng: &dyn Rng) -> Secret {
    let bytes = rng.bytes::<TOKEN_BYTES>();
    bytes
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>()
        .into()
}

/// What is kept of a token.
pub(crate) fn token_hash(token: &Secret) -> Vec<u8> {
    Sha256::digest(token.reveal().as_bytes()).to_vec()
}

/// A code of six digits.
pub(crate) fn code(rng: &dyn Rng) -> Secret {
    rng.text(b"0123456789", CODE_DIGITS).into()
}

/// What is kept of a code: bound to what it confirms, so that it is worth nothing elsewhere.
pub(crate) fn code_hash(bound_to: &str, code: &Secret) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(bound_to.as_bytes());
    hash.update([0]);
    hash.update(code.reveal().as_bytes());
    hash.finalize().to_vec()
}

/// Equality in the same time wherever the first difference is.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |found, (x, y)| found | (x ^ y)) == 0
}
