//! What a member is found by at sign-in: account, e-mail, mobile number. Each is one member's
//! alone; an account stays taken for ever (DIR-12).

use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tenancy_access::{
    DomainError,
    contact::{self, Contact},
    credential::{KEY_ACCOUNT, KEY_EMAIL, KEY_MOBILE},
};
use tenancy_model::{ErrorCode, MemberId, Problem, limits};
use tenancy_store::{StoreError, TenantTx, is_unique_violation};

use crate::entity::member_key;

/// A checked account: letters and digits (DIR-12).
pub(crate) fn account(text: &str) -> Result<Contact, Problem> {
    let shown = tenancy_access::required_line("account", text, limits::ACCOUNT_CHARS_MAX)?;
    if !shown.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Problem::field(ErrorCode::InvalidAccount, "account"));
    }
    Ok(Contact {
        folded: kernel::fold(&shown),
        shown,
    })
}

/// An e-mail address, where one was typed.
pub(crate) fn email(text: Option<&str>) -> Result<Option<Contact>, Problem> {
    typed(text)
        .map(|text| contact::email("email", text))
        .transpose()
}

/// A mobile number, where one was typed.
pub(crate) fn mobile(text: Option<&str>) -> Result<Option<Contact>, Problem> {
    typed(text)
        .map(|text| contact::mobile("mobile", text))
        .transpose()
}

fn typed(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// What a key is a key of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Account,
    Email,
    Mobile,
}

impl Key {
    fn kind(self) -> &'static str {
        match self {
            Self::Account => KEY_ACCOUNT,
            Self::Email => KEY_EMAIL,
            Self::Mobile => KEY_MOBILE,
        }
    }

    fn taken(self) -> Problem {
        match self {
            Self::Account => Problem::field(ErrorCode::AccountTaken, "account"),
            Self::Email => Problem::field(ErrorCode::EmailTaken, "email"),
            Self::Mobile => Problem::field(ErrorCode::MobileTaken, "mobile"),
        }
    }
}

/// Gives a member a key.
///
/// # Errors
/// `ACCOUNT_TAKEN`, `EMAIL_TAKEN`, `MOBILE_TAKEN`.
pub(crate) async fn claim(
    tx: &TenantTx,
    member: MemberId,
    key: Key,
    folded: &str,
) -> Result<(), DomainError> {
    let row = member_key::ActiveModel {
        kind: Set(key.kind().to_owned()),
        folded: Set(folded.to_owned()),
        member_id: Set(member),
    };
    match member_key::Entity::insert(row)
        .exec_without_returning(tx)
        .await
    {
        Ok(_) => Ok(()),
        Err(error) if is_unique_violation(&error) => Err(key.taken().into()),
        Err(error) => Err(error.into()),
    }
}

/// Takes a member's keys of one kind away.
pub(crate) async fn release(tx: &TenantTx, member: MemberId, key: Key) -> Result<(), StoreError> {
    member_key::Entity::delete_many()
        .filter(member_key::Column::Kind.eq(key.kind()))
        .filter(member_key::Column::MemberId.eq(member))
        .exec(tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    // covers: DIR-12
    #[test]
    fn an_account_is_letters_and_digits() {
        assert_eq!(account(" E1001 ").unwrap().folded, "e1001");
        for bad in ["zhang.san", "张三", "a b", "a@b.cn"] {
            assert_eq!(
                account(bad).unwrap_err().code,
                ErrorCode::InvalidAccount,
                "{bad}"
            );
        }
        assert_eq!(account(" ").unwrap_err().code, ErrorCode::Required);
        assert_eq!(
            account(&"a".repeat(33)).unwrap_err().code,
            ErrorCode::TooLong
        );
    }
}
