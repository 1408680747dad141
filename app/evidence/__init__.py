"""Evidence (佐证材料): the files that show an answer, checked before they are kept, shown only to those allowed."""
