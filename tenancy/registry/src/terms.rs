//! The operator's terms: what every sign-up accepts, by version, in both languages.

use tenancy_model::Language;

use crate::RegistryConfig;

const BUILT_IN_ZH: &str = include_str!("text/terms.zh-CN.txt");
const BUILT_IN_EN: &str = include_str!("text/terms.en.txt");

/// The text of the version in force.
#[must_use]
pub fn terms_text(config: &RegistryConfig, language: Language) -> &str {
    let (own, built_in) = match language {
        Language::ZhCn => (&config.terms_zh, BUILT_IN_ZH),
        Language::En => (&config.terms_en, BUILT_IN_EN),
    };
    if own.trim().is_empty() { built_in } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operators_own_text_replaces_the_built_in_one() {
        let mut config = RegistryConfig::default();
        assert!(terms_text(&config, Language::En).contains("trial"));
        assert!(terms_text(&config, Language::ZhCn).contains("试用"));
        config.terms_en = "Ours.".to_owned();
        assert_eq!(terms_text(&config, Language::En), "Ours.");
    }
}
