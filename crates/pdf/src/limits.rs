//! Bounds on what a hostile file may cost.

/// Limits of a reader. The defaults open whatever people have; a service lowers them to what it wants to serve.
/// None of them is what memory grows with: a file is read where it is asked about, and of what was parsed
/// [`Limits::cache_size`] stays.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Limits {
    /// Largest file, in bytes.
    pub max_file_size: u64,
    /// Most pages.
    pub max_pages: usize,
    /// Most cross-reference entries over all revisions.
    pub max_xref_entries: usize,
    /// Most cross-reference sections in the /Prev chain.
    pub max_sections: usize,
    /// Deepest nesting of arrays and dictionaries in one object.
    pub max_depth: usize,
    /// Deepest page tree or field tree.
    pub max_tree_depth: usize,
    /// Largest object outside its stream data, in bytes.
    pub max_object_size: usize,
    /// Most values (array elements and dictionary entries) in one object.
    pub max_values: usize,
    /// Largest decoded stream, in bytes.
    pub max_decoded_size: usize,
    /// Most fields of a form.
    pub max_fields: usize,
    /// Parsed objects and decoded object streams kept, in bytes (estimated).
    pub cache_size: usize,
    /// Work that one document may cost in all: bytes lexed, decoded or scanned. It stands in for time.
    pub work: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_size: 512 * 1024 * 1024 * 1024,
            max_pages: 200_000,
            max_xref_entries: 1_500_000,
            max_sections: 1_024,
            max_depth: 96,
            max_tree_depth: 64,
            max_object_size: 16 * 1024 * 1024,
            max_values: 500_000,
            max_decoded_size: 32 * 1024 * 1024,
            max_fields: 20_000,
            cache_size: 8 * 1024 * 1024,
            work: 4 * 1024 * 1024 * 1024,
        }
    }
}

impl Limits {
    /// The same with another page limit.
    #[must_use]
    pub fn with_max_pages(mut self, max_pages: usize) -> Self {
        self.max_pages = max_pages;
        self
    }

    /// The same with another file size limit.
    #[must_use]
    pub fn with_max_file_size(mut self, max_file_size: u64) -> Self {
        self.max_file_size = max_file_size;
        self
    }
}
