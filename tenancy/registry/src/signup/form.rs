//! The form of public sign-up, checked field by field. What a tenant keeps is clean text of one
//! line.

use kernel::Secret;
use tenancy_access::{
    PasswordRule,
    contact::{self, Contact},
    required_line,
};
use tenancy_model::{ErrorCode, Language, Problem, limits};

use crate::{RegistryConfig, host_name, industries::is_industry};

/// What a company types.
#[derive(Debug, Clone)]
pub struct SignupForm {
    /// 企业全称
    pub full_name: String,
    /// 邮箱, where the code goes and the first administrator's address.
    pub email: String,
    /// 你的姓名
    pub contact_name: String,
    /// 行业分类, a key of [`crate::INDUSTRIES`].
    pub industry: String,
    /// The wished host name.
    pub host_name: String,
    /// The first administrator's password.
    pub password: Secret,
    /// The version of the operator's terms that was shown and accepted; empty: not accepted.
    pub terms_version: String,
    /// Language of the mail, and of the tenant.
    pub language: Language,
}

/// The form with its texts clean.
pub(crate) struct CleanForm {
    pub(crate) full_name: String,
    pub(crate) email: Contact,
    pub(crate) contact_name: String,
    pub(crate) industry: String,
    pub(crate) host_name: String,
}

impl SignupForm {
    /// Checks everything that needs no database, in the order of the form.
    pub(crate) fn check(&self, config: &RegistryConfig) -> Result<CleanForm, Problem> {
        let full_name = required_line("fullName", &self.full_name, limits::COMPANY_NAME_CHARS_MAX)?;
        let email = contact::email("email", &self.email)?;
        let contact_name =
            required_line("contactName", &self.contact_name, limits::NAME_CHARS_MAX)?;
        if !is_industry(&self.industry) {
            return Err(Problem::field(ErrorCode::InvalidInput, "industry"));
        }
        PasswordRule::new(false).check("password", &self.password)?;
        check_terms(config, &self.terms_version)?;
        Ok(CleanForm {
            full_name,
            email,
            contact_name,
            industry: self.industry.clone(),
            host_name: host_name::normal(&self.host_name),
        })
    }
}

fn check_terms(config: &RegistryConfig, version: &str) -> Result<(), Problem> {
    if version.is_empty() {
        return Err(Problem::field(ErrorCode::TermsNotAccepted, "termsVersion"));
    }
    if version != config.terms_version {
        return Err(Problem::field(ErrorCode::TermsOutdated, "termsVersion"));
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn form() -> SignupForm {
        SignupForm {
            full_name: "海云网络科技有限公司".to_owned(),
            email: "zhang.wei@haiyun.example".to_owned(),
            contact_name: "张伟".to_owned(),
            industry: "software".to_owned(),
            host_name: "haiyun".to_owned(),
            password: "correct horse".into(),
            terms_version: RegistryConfig::default().terms_version,
            language: Language::ZhCn,
        }
    }

    fn refusal(change: impl FnOnce(&mut SignupForm)) -> (ErrorCode, Option<&'static str>) {
        let mut form = form();
        change(&mut form);
        let problem = form.check(&RegistryConfig::default()).err().unwrap();
        (problem.code, problem.field)
    }

    /// covers: TEN-05
    #[test]
    fn every_field_is_checked_and_named() {
        assert!(form().check(&RegistryConfig::default()).is_ok());
        let cases = [
            (
                refusal(|f| f.full_name = " \n".to_owned()),
                ErrorCode::Required,
                "fullName",
            ),
            (
                refusal(|f| f.full_name = "云".repeat(101)),
                ErrorCode::TooLong,
                "fullName",
            ),
            (
                refusal(|f| f.email = "zhang".to_owned()),
                ErrorCode::InvalidEmail,
                "email",
            ),
            (
                refusal(|f| f.contact_name = String::new()),
                ErrorCode::Required,
                "contactName",
            ),
            (
                refusal(|f| f.industry = "piracy".to_owned()),
                ErrorCode::InvalidInput,
                "industry",
            ),
            (
                refusal(|f| f.password = "short".into()),
                ErrorCode::TooShort,
                "password",
            ),
            (
                refusal(|f| f.terms_version = String::new()),
                ErrorCode::TermsNotAccepted,
                "termsVersion",
            ),
            (
                refusal(|f| f.terms_version = "1999-01".to_owned()),
                ErrorCode::TermsOutdated,
                "termsVersion",
            ),
        ];
        for ((code, field), wanted, name) in cases {
            assert_eq!((code, field), (wanted, Some(name)));
        }
    }
}
