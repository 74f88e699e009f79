//! What everybody may know of a deployment before signing in or up.

use tenancy_model::Language;

use crate::{
    DemonstrationAccount, INDUSTRIES, Registry, TrialOffer, demonstration_accounts,
    terms::terms_text,
};

/// The deployment, as its first pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Its name.
    pub name: String,
    /// Whether mails can be read in the local mailbox.
    pub local_mailbox: bool,
    /// Accounts of the demonstration; empty where it is not loaded.
    pub demonstration: Vec<DemonstrationAccount>,
    /// Version of the operator's terms.
    pub terms_version: String,
    /// Their text in the language of the request.
    pub terms_text: String,
    /// Keys of the industries.
    pub industries: &'static [&'static str],
    /// The trial on offer.
    pub trial: TrialOffer,
    /// Version of this program.
    pub version: &'static str,
}

impl Registry {
    /// Describes the deployment.
    #[must_use]
    pub fn deployment(&self, language: Language) -> Deployment {
        Deployment {
            name: self.config.deployment_name.clone(),
            local_mailbox: self.local_mailbox,
            demonstration: match self.demonstration {
                true => demonstration_accounts(),
                false => Vec::new(),
            },
            terms_version: self.config.terms_version.clone(),
            terms_text: terms_text(&self.config, language).to_owned(),
            industries: INDUSTRIES,
            trial: self.first_terms.offer(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// Whether mails can be read in the local mailbox.
    #[must_use]
    pub fn local_mailbox(&self) -> bool {
        self.local_mailbox
    }
}
