//! The demonstration of `make run`: two companies, and a few words between their members.

use tenancy_access::{Actor, TenantContext};
use tenancy_chat::{
    OpenDirectInput, ReadMarkInput, SendFiles, SendInput, move_read_mark, open_direct,
};
use tenancy_model::Surface;
use tenancy_registry::{DemonstrationCompany, demonstration_ensure};

use crate::{Parts, StartError};

/// Who says what to whom; people by their place in the company.
const TALK: &[(usize, usize, &str)] = &[
    (1, 0, "早上好！周报我已经发到邮箱了。"),
    (0, 1, "收到，谢谢。下午三点的评审会你能参加吗？"),
    (1, 0, "可以的，会议室订好了吗？"),
    (0, 1, "订好了，三楼 302。"),
    (
        2,
        0,
        "Good morning! The contract draft is ready for your review.",
    ),
    (0, 2, "Thanks, I will read it before lunch."),
    (3, 1, "新版界面的设计稿更新了，麻烦看一下。"),
    (1, 3, "好的，看完给你反馈。"),
];

/// Makes the companies where they are missing, and lets their people talk once.
pub(crate) async fn load(parts: &Parts) -> Result<(), StartError> {
    let gateway = &parts.gateway;
    for company in demonstration_ensure(&gateway.registry, &*gateway.observer).await? {
        if company.is_new {
            talk(parts, &company).await?;
        }
    }
    Ok(())
}

async fn talk(parts: &Parts, company: &DemonstrationCompany) -> Result<(), StartError> {
    for (line, (from, to, text)) in TALK.iter().enumerate() {
        let (Some(from), Some(to)) = (company.members.get(*from), company.members.get(*to)) else {
            continue;
        };
        let ctx = speaker(company, from);
        let conversation = open_direct(&ctx, &OpenDirectInput { member: to.0 }).await?;
        let send = SendInput {
            conversation: conversation.id,
            nonce: format!("demonstration-{line}"),
            text: (*text).to_owned(),
            files: SendFiles::default(),
        };
        let sent = parts.gateway.chat.send(&ctx, send).await?;
        // Who answers has read what was said before.
        let read = ReadMarkInput {
            conversation: conversation.id,
            seq: sent.entry.seq,
        };
        move_read_mark(&ctx, &read).await?;
    }
    Ok(())
}

/// The company's context, as one of its members acts in it.
fn speaker(
    company: &DemonstrationCompany,
    (member, name): &(tenancy_model::MemberId, String),
) -> TenantContext {
    let ctx = &company.ctx;
    let session = tenancy_model::SessionId::new(ctx.clock(), ctx.rng());
    TenantContext {
        actor: Actor::Member {
            member: *member,
            name: name.clone(),
            session,
            surface: Surface::Member,
            roles: Default::default(),
            permissions: Default::default(),
            must_change_password: false,
        },
        ..ctx.clone()
    }
}
