//! What an error says to a human who reads the API; the product's own clients have their own texts.
//! 「…」 texts are those of the catalogue (SEC-26).

use tenancy_model::{ErrorCode, Language};

/// The sentence of a code.
pub(crate) fn text(code: ErrorCode, language: Language) -> &'static str {
    let (zh, en) = request(code)
        .or_else(|| form(code))
        .or_else(|| file(code))
        .unwrap_or_else(|| door(code));
    match language {
        Language::ZhCn => zh,
        Language::En => en,
    }
}

/// About the request as such.
fn request(code: ErrorCode) -> Option<(&'static str, &'static str)> {
    Some(match code {
        ErrorCode::NotFound => ("不存在，或您无权查看", "It does not exist, or is not yours"),
        ErrorCode::Unauthenticated => ("请先登录", "Sign in first"),
        ErrorCode::Forbidden => ("您没有此操作的权限", "You may not do this"),
        ErrorCode::RateLimited => ("操作过于频繁，请稍后再试", "Too often; wait a moment"),
        ErrorCode::Internal => (
            "服务出错，请凭追踪号联系我们",
            "Something failed on our side",
        ),
        ErrorCode::BadRequest => ("请求格式不正确", "The request is malformed"),
        ErrorCode::Unavailable => (
            "服务暂时不可用，请重试",
            "Not available at the moment; try again",
        ),
        ErrorCode::QueryTooDeep => ("查询嵌套过深", "The query nests too deep"),
        ErrorCode::QueryTooComplex => ("查询过于复杂", "The query asks for too much at once"),
        ErrorCode::TooLarge => ("请求内容过大", "The request is too large"),
        ErrorCode::PasswordChangeRequired => {
            ("请先修改初始密码", "Change the initial password first")
        }
        ErrorCode::VersionConflict => ("内容已被他人修改", "Somebody else changed it meanwhile"),
        ErrorCode::MessageEmpty => ("消息不能为空", "A message needs a text"),
        ErrorCode::MessageTooLong => ("消息过长", "The message is too long"),
        ErrorCode::NonceReused => ("消息编号重复使用", "The nonce was used for another message"),
        ErrorCode::ConversationClosed => ("会话已关闭", "Nobody can write here any more"),
        _ => return None,
    })
}

/// About a file.
fn file(code: ErrorCode) -> Option<(&'static str, &'static str)> {
    Some(match code {
        ErrorCode::FileEmpty => ("文件为空", "The file is empty"),
        ErrorCode::FileTooLarge => ("文件过大", "The file is too large"),
        ErrorCode::LargeFilesOff => ("企业不允许发送大文件", "Large files are not allowed here"),
        ErrorCode::UploadRate => (
            "上传过于频繁，请稍后再试",
            "Too much within the hour; wait a moment",
        ),
        ErrorCode::StorageFull => ("企业存储空间已满", "The company's storage is full"),
        ErrorCode::UploadIncomplete => ("文件尚未传完", "Parts of the file are missing"),
        ErrorCode::UploadEnded => (
            "上传已取消或过期",
            "The upload was cancelled or has expired",
        ),
        ErrorCode::SizeMismatch => ("文件大小与声明不符", "Another size than was announced"),
        ErrorCode::Infected => ("文件含有病毒", "The antivirus found something"),
        ErrorCode::PictureTooLarge => ("图片像素过大", "The picture has too many pixels"),
        ErrorCode::PictureBroken => ("图片无法识别", "The picture cannot be read"),
        ErrorCode::PictureRequired => ("请选择图片", "It has to be a picture"),
        ErrorCode::FileNotReady => ("文件正在检查", "The file is being checked"),
        ErrorCode::FileAttached => ("文件已发送", "The file is part of a message already"),
        ErrorCode::DownloadOff => ("企业只允许预览", "Files can be viewed here, not downloaded"),
        _ => return None,
    })
}

/// About a form.
fn form(code: ErrorCode) -> Option<(&'static str, &'static str)> {
    Some(match code {
        ErrorCode::InvalidInput => ("内容不符合要求", "This value is not allowed"),
        ErrorCode::Required => ("必填", "Required"),
        ErrorCode::TooLong => ("内容过长", "Too long"),
        ErrorCode::TooShort => ("内容过短", "Too short"),
        ErrorCode::InvalidEmail => ("邮箱格式不正确", "Not an e-mail address"),
        ErrorCode::InvalidMobile => ("手机号格式不正确", "Not a mobile number"),
        ErrorCode::InvalidAccount => (
            "账号只能由字母和数字组成",
            "An account is letters and digits",
        ),
        ErrorCode::InvalidHostName => (
            "域名为 3–32 位小写字母、数字或连字符",
            "A host name is 3–32 of a–z, 0–9 and hyphen",
        ),
        ErrorCode::HostNameReserved => ("该域名为系统保留", "This host name is reserved"),
        ErrorCode::HostNameTaken => ("该域名已被使用", "This host name is taken"),
        ErrorCode::EmailTaken => ("该邮箱已被使用", "This e-mail is taken"),
        ErrorCode::MobileTaken => ("该手机号已被使用", "This mobile number is taken"),
        ErrorCode::AccountTaken => ("该账号已被使用", "This account is taken"),
        ErrorCode::ContactRequired => (
            "手机和邮箱不可同时为空",
            "Give an e-mail or a mobile number",
        ),
        ErrorCode::TermsNotAccepted => ("请先同意服务条款", "Accept the terms first"),
        ErrorCode::TermsOutdated => ("服务条款已更新，请重新阅读", "The terms have changed"),
        ErrorCode::PasswordWeak => ("密码强度不足", "The password breaks the rule"),
        ErrorCode::PasswordSame => ("新密码不能与旧密码相同", "The new password is the old one"),
        ErrorCode::DepartmentNotEmpty => (
            "部门下有子部门或成员，不能删除",
            "The department has members or departments below it",
        ),
        ErrorCode::DepartmentCycle => (
            "部门不能移动到自身之下",
            "A department cannot be below itself",
        ),
        ErrorCode::TooDeep => ("层级过深", "Too many levels"),
        ErrorCode::TooMany => ("数量超出上限", "Too many"),
        ErrorCode::LastOwner => ("至少保留一名所有者", "The last owner keeps the role"),
        ErrorCode::SelfNotAllowed => ("不能对自己执行此操作", "Not possible with yourself"),
        _ => return None,
    })
}

/// About coming in.
fn door(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::CodeWrong => ("验证码错误", "Not the code that was mailed"),
        ErrorCode::CodeExpired => (
            "验证码已失效，请重新获取",
            "The code is too old; ask for a new one",
        ),
        ErrorCode::CodeUsed => ("验证码已使用", "The code was used already"),
        ErrorCode::TooManyTrials => ("试用申请过多", "Too many trials from here"),
        ErrorCode::TenantUnknown => ("该企业号尚未开通服务！", "No such company here"),
        ErrorCode::TenantSuspended => ("企业已被停用", "The company is suspended"),
        ErrorCode::TenantClosed => ("企业已注销", "The company has closed"),
        ErrorCode::LicenseExpired => ("授权已到期，请联系管理员", "The licence has ended"),
        ErrorCode::CredentialsWrong => ("账号或密码错误", "Account or password is wrong"),
        ErrorCode::AccountUnknown => ("账号不存在", "No such account"),
        ErrorCode::PasswordWrong => ("密码错误", "The password is wrong"),
        ErrorCode::AccountLocked => ("账号已锁定", "The account is locked"),
        ErrorCode::AccountDisabled => ("账号已停用", "The account is disabled"),
        ErrorCode::NotAuthorizedToSignIn => ("未被授权登录", "Not authorised to sign in"),
        ErrorCode::SeatsExhausted => ("授权人数已用完", "No free seat"),
        ErrorCode::LinkInvalid => ("链接无效或已使用", "The link is invalid or was used"),
        ErrorCode::LinkExpired => ("链接已过期", "The link is too old"),
        other => (other.code(), other.code()),
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn every_code_has_a_sentence_in_both_languages() {
        for code in ErrorCode::all() {
            for language in [Language::ZhCn, Language::En] {
                assert_ne!(text(code, language), code.code());
            }
        }
    }
}
