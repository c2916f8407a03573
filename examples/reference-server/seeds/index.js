// In this order: projects belong to users.
module.exports = ['users.js', 'projects.js', 'workflows.js'];
