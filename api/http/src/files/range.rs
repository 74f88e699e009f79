//! Which bytes a request wants (RFC 9110, 13 and 14): a conditional request for what the browser
//! has already, one range, or everything. Several ranges at once get everything, which is allowed.

use std::ops::RangeInclusive;

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};

/// What to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// 304: the browser has it.
    Nothing,
    /// 200.
    Whole,
    /// 206: from the first to the last of these.
    Part(RangeInclusive<u64>),
    /// 416: there are no such bytes.
    Outside,
}

/// What a request wants of something with this `etag` (without quotation marks) and size; without
/// a size there are no ranges.
pub(crate) fn wanted(
    method: &Method,
    headers: &HeaderMap,
    etag: Option<&str>,
    size_bytes: Option<u64>,
) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let (Some(known), Some(etag)) = (text(header::IF_NONE_MATCH), etag)
        && known.split(',').any(|known| is_same(known, etag))
    {
        return Wanted::Nothing;
    }
    let (Some(range), Some(size)) = (text(header::RANGE), size_bytes) else {
        return Wanted::Whole;
    };
    // A download that goes on after a break: only if it is still the same file.
    let goes_on = text(header::IF_RANGE).is_none_or(|known| {
        let strong = etag.map(|etag| format!("\"{etag}\""));
        strong.is_some_and(|strong| known.trim() == strong)
    });
    if method != Method::GET || !goes_on {
        return Wanted::Whole;
    }
    match part(range, size) {
        Some(Ok(part)) => Wanted::Part(part),
        Some(Err(())) => Wanted::Outside,
        None => Wanted::Whole,
    }
}

/// Weak or strong, or any.
fn is_same(known: &str, etag: &str) -> bool {
    let known = known.trim();
    let known = known.strip_prefix("W/").unwrap_or(known);
    known == "*" || known.strip_prefix('"').and_then(|k| k.strip_suffix('"')) == Some(etag)
}

/// The one range of a header; none where the header is not understood, which is to be ignored.
fn part(header: &str, size: u64) -> Option<Result<RangeInclusive<u64>, ()>> {
    let range = header.trim().strip_prefix("bytes=")?.trim();
    let (first, last) = range.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than any file has bytes.
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let (from, to) = match (first.is_empty(), last.is_empty()) {
        (true, _) => match number(last)? {
            0 => return Some(Err(())),
            length => (size.saturating_sub(length), u64::MAX),
        },
        (false, true) => (number(first)?, u64::MAX),
        (false, false) => (number(first)?, number(last)?),
    };
    if to < from {
        return None;
    }
    if from >= size {
        return Some(Err(()));
    }
    Some(Ok(from..=to.min(size - 1)))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn ask(method: &Method, headers: &[(header::HeaderName, &str)], size: Option<u64>) -> Wanted {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        wanted(method, &map, Some("e1"), size)
    }

    fn range(text: &str) -> Wanted {
        ask(&Method::GET, &[(header::RANGE, text)], Some(10))
    }

    #[test]
    fn one_range_is_answered_and_strange_ones_are_ignored() {
        assert_eq!(range("bytes=0-3"), Wanted::Part(0..=3));
        assert_eq!(range("bytes=4-"), Wanted::Part(4..=9));
        assert_eq!(range("bytes=-3"), Wanted::Part(7..=9));
        assert_eq!(range("bytes=-30"), Wanted::Part(0..=9));
        assert_eq!(
            range("bytes=9-99999999999999999999999"),
            Wanted::Part(9..=9)
        );
        for outside in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(range(outside), Wanted::Outside, "{outside}");
        }
        for strange in [
            "bytes=3-1",
            "lines=1-2",
            "bytes=a-b",
            "bytes=0-1,4-5",
            "bytes=",
            "bytes=-",
        ] {
            assert_eq!(range(strange), Wanted::Whole, "{strange}");
        }
        let empty = ask(&Method::GET, &[(header::RANGE, "bytes=0-")], Some(0));
        assert_eq!(empty, Wanted::Outside);
        let no_size = ask(&Method::GET, &[(header::RANGE, "bytes=0-3")], None);
        assert_eq!(no_size, Wanted::Whole);
        let head = ask(&Method::HEAD, &[(header::RANGE, "bytes=0-3")], Some(10));
        assert_eq!(head, Wanted::Whole);
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        for same in ["\"e1\"", "W/\"e1\"", "\"x\", \"e1\"", "*"] {
            let asked = ask(&Method::GET, &[(header::IF_NONE_MATCH, same)], Some(10));
            assert_eq!(asked, Wanted::Nothing, "{same}");
        }
        let other = ask(&Method::GET, &[(header::IF_NONE_MATCH, "\"e2\"")], Some(10));
        assert_eq!(other, Wanted::Whole);
        let range = (header::RANGE, "bytes=2-");
        let same = ask(
            &Method::GET,
            &[range.clone(), (header::IF_RANGE, "\"e1\"")],
            Some(10),
        );
        assert_eq!(same, Wanted::Part(2..=9));
        let other = ask(
            &Method::GET,
            &[range, (header::IF_RANGE, "\"e2\"")],
            Some(10),
        );
        assert_eq!(other, Wanted::Whole);
    }
}
