//! Pictures of members and of the company (DIR-56): an uploaded picture, and the square of it.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use tenancy_access::DomainError;
use tenancy_files::{PictureChoice, media::picture::Crop};
use tenancy_model::{ErrorCode, Problem};

use super::{company::Company, loader, member::Member};
use crate::{
    Gateway,
    context::{language, tenant},
    error::{ProblemObject, refused},
    id::parse,
};

/// A square of a picture, in its pixels, from the left and from the top.
#[derive(InputObject)]
pub struct PictureCropInput {
    x: i32,
    y: i32,
    size: i32,
}

/// One's own picture; without `fileId` there is none from now on.
#[derive(InputObject)]
pub struct MemberAvatarSetInput {
    /// An upload of purpose AVATAR that is READY.
    file_id: Option<ID>,
    crop: Option<PictureCropInput>,
}

/// The member with the picture.
#[derive(SimpleObject)]
pub struct MemberAvatarSetPayload {
    problem: Option<ProblemObject>,
    member: Option<Member>,
}

/// The company's picture; without `fileId` there is none from now on.
#[derive(InputObject)]
pub struct CompanyLogoSetInput {
    /// An upload of purpose COMPANY_LOGO that is READY.
    file_id: Option<ID>,
    crop: Option<PictureCropInput>,
}

/// The company with the picture.
#[derive(SimpleObject)]
pub struct CompanyLogoSetPayload {
    problem: Option<ProblemObject>,
    company: Option<Company>,
}

/// The square of the picture that was chosen; none: no picture.
fn choice(
    file: Option<&ID>,
    crop: Option<&PictureCropInput>,
) -> async_graphql::Result<Result<Option<PictureChoice>, DomainError>> {
    let Some(file) = file else {
        return Ok(Ok(None));
    };
    let file = parse(file)?;
    let Some(crop) = crop else {
        return Ok(Err(Problem::field(ErrorCode::Required, "crop").into()));
    };
    let sides = [crop.x, crop.y, crop.size].map(u32::try_from);
    let [Ok(x), Ok(y), Ok(size)] = sides else {
        return Ok(Err(Problem::field(ErrorCode::InvalidInput, "crop").into()));
    };
    let crop = Crop { x, y, size };
    Ok(Ok(Some(PictureChoice { file, crop })))
}

#[derive(Default)]
pub(super) struct PictureMutation;

#[Object]
impl PictureMutation {
    /// Sets or removes one's own picture.
    async fn member_avatar_set(
        &self,
        ctx: &Context<'_>,
        input: MemberAvatarSetInput,
    ) -> async_graphql::Result<MemberAvatarSetPayload> {
        let caller = tenant(ctx)?;
        let files = &ctx.data::<Gateway>()?.files;
        let set = match choice(input.file_id.as_ref(), input.crop.as_ref())? {
            Ok(choice) => files.set_avatar(caller, choice.as_ref()).await,
            Err(refusal) => Err(refusal),
        };
        Ok(match refused(set, language(ctx))? {
            Ok(_) => MemberAvatarSetPayload {
                problem: None,
                member: match caller.actor.member() {
                    Some(id) => loader::own_member(ctx, id).await?,
                    None => None,
                },
            },
            Err(problem) => MemberAvatarSetPayload {
                problem: Some(problem),
                member: None,
            },
        })
    }

    /// Sets or removes the company's picture (COMPANY_MANAGE).
    async fn company_logo_set(
        &self,
        ctx: &Context<'_>,
        input: CompanyLogoSetInput,
    ) -> async_graphql::Result<CompanyLogoSetPayload> {
        let caller = tenant(ctx)?;
        let files = &ctx.data::<Gateway>()?.files;
        let set = match choice(input.file_id.as_ref(), input.crop.as_ref())? {
            Ok(choice) => files.set_company_logo(caller, choice.as_ref()).await,
            Err(refusal) => Err(refusal),
        };
        Ok(match refused(set, language(ctx))? {
            Ok(_) => CompanyLogoSetPayload {
                problem: None,
                company: Some(Company(caller.clone())),
            },
            Err(problem) => CompanyLogoSetPayload {
                problem: Some(problem),
                company: None,
            },
        })
    }
}
