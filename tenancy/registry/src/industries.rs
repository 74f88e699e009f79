//! The industries of the sign-up form (行业分类, TEN-05): stable keys; clients have the words.

/// Every key, in the order of the form.
pub const INDUSTRIES: &[&str] = &[
    "internet",
    "software",
    "manufacturing",
    "finance",
    "government",
    "education",
    "healthcare",
    "retail",
    "logistics",
    "construction",
    "energy",
    "media",
    "professional_services",
    "hospitality",
    "agriculture",
    "other",
];

/// Whether `key` is one of them.
#[must_use]
pub fn is_industry(key: &str) -> bool {
    INDUSTRIES.contains(&key)
}
