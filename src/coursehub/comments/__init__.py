"""Comments on posts: the record of what was read, how many a post has, and where the widget keeps them."""
