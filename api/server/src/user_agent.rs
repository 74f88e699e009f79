//! Browser and system in words, out of a `User-Agent` header: what a list of sessions shows, and
//! whether it is a phone (SEC-16). A handful of names is enough; what is not known is called by its
//! class.

/// What a browser says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Agent {
    /// `Chrome · Windows`.
    pub(crate) words: String,
    /// Android or iOS.
    pub(crate) mobile: bool,
}

/// In order: many browsers also name the ones they descend from.
const BROWSERS: &[(&str, &str)] = &[
    ("MicroMessenger/", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
/// In order: Android also says Linux, an iPhone also says Mac OS X.
const SYSTEMS: &[(&str, &str)] = &[
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];
const MOBILE: &[&str] = &["HarmonyOS", "Android", "iOS", "iPadOS"];

/// Reads a header.
pub(crate) fn describe(header: &str) -> Agent {
    let find = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(sign, _)| header.contains(sign))
            .map(|(_, name)| *name)
    };
    let system = find(SYSTEMS);
    let words = [find(BROWSERS), system]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    Agent {
        words: if words.is_empty() {
            "API".to_owned()
        } else {
            words
        },
        mobile: system.is_some_and(|system| MOBILE.contains(&system)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_and_desks_are_told_apart() {
        let phone = describe(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
             like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        );
        assert_eq!(
            phone,
            Agent {
                words: "Safari · iOS".to_owned(),
                mobile: true
            }
        );
        let desk = describe(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
        );
        assert_eq!(
            desk,
            Agent {
                words: "Edge · Windows".to_owned(),
                mobile: false
            }
        );
        assert_eq!(describe("curl/8.0").words, "API");
    }
}
