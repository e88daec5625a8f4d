"""Articles in three languages: written, approved by a second person, published to the Official Account."""
