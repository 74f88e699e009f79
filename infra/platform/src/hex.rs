//! Bytes as text of two lower-case digits each.

/// The hexadecimal form of `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_digit_has_its_place() {
        assert_eq!(super::encode(&[0x00, 0x1f, 0xa9]), "001fa9");
    }
}
