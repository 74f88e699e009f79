//! `hansa schema tenant|platform`: what `api/graphql/schema/*.graphql` are generated from.

use clap::{Args, ValueEnum};

use crate::StartError;

/// Which schema.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// `tenant`: what /graphql answers; `platform`: what /platform/graphql answers.
    which: Which,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Which {
    Tenant,
    Platform,
}

pub(crate) fn run(args: &SchemaArgs) -> Result<(), StartError> {
    let (tenant, platform) = api_graphql::print_schemas();
    match args.which {
        Which::Tenant => print!("{tenant}"),
        Which::Platform => print!("{platform}"),
    }
    Ok(())
}
