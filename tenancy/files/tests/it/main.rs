//! Files over both databases, each with its object service: SQLite with the one in this process,
//! PostgreSQL with the S3 of the test run.

#[cfg(test)]
mod attaching;
#[cfg(test)]
mod checking;
#[cfg(test)]
mod crashing;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod office;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod uploading;
