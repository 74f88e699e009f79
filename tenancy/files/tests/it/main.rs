//! Files over both databases, each with its object service: SQLite with the one in this process,
//! PostgreSQL with the S3 of the test run.

mod attaching;
mod checking;
mod crashing;
mod ending;
mod limits;
mod office;
mod pictures;
mod reading;
mod uploading;
